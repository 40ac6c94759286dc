#include "testing/manual_clock.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace bctrl::testing {

manual_clock::appointment::appointment(strand on, std::function<void()> what)
    : runs_on{std::move(on)}, ring{std::move(what)} {}

class manual_clock::manual_alarm final : public alarm {
public:
    manual_alarm(manual_clock& of, std::shared_ptr<appointment> told)
        : clock_{of}, appointment_{std::move(told)} {}

    void set(steady_time when) override {
        appointment_->unset();
        appointment_->when = when;
        if (when <= clock_.now_)
            ring(*appointment_);
        else
            clock_.set_.insert(*appointment_);
    }
    void clear() noexcept override { appointment_->unset(); }

private:
    manual_clock& clock_;
    std::shared_ptr<appointment> appointment_;
};

std::unique_ptr<alarm> manual_clock::make_alarm(strand const& runs_on, std::function<void()> ring) {
    auto told = std::make_shared<appointment>(runs_on, std::move(ring));
    told->self = told;
    return std::make_unique<manual_alarm>(*this, std::move(told));
}

void manual_clock::ring(appointment& due) {
    boost::asio::post(due.runs_on, [weak = due.self] {
        if (auto const still = weak.lock()) still->ring();
    });
}

void manual_clock::advance(milliseconds by) {
    now_ += by;
    system_now_ += by;
    while (!set_.empty() && set_.begin()->when <= now_) {
        auto& due = *set_.begin();
        due.unset();
        ring(due);
    }
}

std::optional<steady_time> manual_clock::next_alarm() const {
    if (set_.empty()) return std::nullopt;
    return set_.begin()->when;
}

} // namespace bctrl::testing
