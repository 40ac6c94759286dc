#include "base/clock.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <utility>

namespace bctrl {

namespace {

class timer_alarm final : public alarm {
public:
    timer_alarm(strand const& runs_on, std::function<void()> ring)
        : timer_{runs_on}, ring_{std::make_shared<std::function<void()>>(std::move(ring))} {}

    void set(steady_time when) override {
        timer_.expires_at(when);
        timer_.async_wait([ring = std::weak_ptr{ring_}](error_code ec) {
            if (ec) return;
            // The wait may have ended before the alarm was destroyed or cleared, and be told now.
            if (auto held = ring.lock()) (*held)();
        });
    }

    void clear() noexcept override { timer_.cancel(); }

private:
    using error_code = boost::system::error_code;

    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, strand>
        timer_;
    std::shared_ptr<std::function<void()>> ring_;
};

class machine_clock final : public clock {
public:
    steady_time now() const noexcept override { return std::chrono::steady_clock::now(); }
    system_time system_now() const noexcept override { return std::chrono::system_clock::now(); }
    std::unique_ptr<alarm> make_alarm(strand const& runs_on, std::function<void()> ring) override {
        return std::make_unique<timer_alarm>(runs_on, std::move(ring));
    }
};

} // namespace

std::shared_ptr<clock> real_clock() {
    static auto const shared = std::make_shared<machine_clock>();
    return shared;
}

} // namespace bctrl
