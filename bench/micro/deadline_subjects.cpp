// Deadlines that come and go among many.
#include "base/deadline_queue.hpp"
#include "micro/subjects.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

class silent_deadline final : public deadline {
    void expired() noexcept override {}
};

class crowded_queue {
public:
    crowded_queue() {
        for (std::size_t n = 0; n < all_.size(); ++n)
            queue_.arm(all_[n], when(n));
    }
    void replace_one() {
        auto& next = all_[next_++ % all_.size()];
        next.disarm();
        queue_.arm(next, when(next_));
    }

private:
    /// In no order.
    steady_time when(std::size_t n) const { return start_ + 1h + milliseconds{n * 7'919 % 60'000}; }

    boost::asio::io_context context_;
    std::shared_ptr<clock> time_ = real_clock();
    strand runs_on_{context_.get_executor()};
    deadline_queue queue_{*time_, runs_on_};
    steady_time start_ = time_->now();
    std::vector<silent_deadline> all_ = std::vector<silent_deadline>(10'000);
    std::size_t next_ = 0;
};

} // namespace

std::vector<subject> deadline_subjects() {
    return {{"deadline/one of 10,000", [] {
                 auto const made = std::make_shared<crowded_queue>();
                 return [made] { made->replace_one(); };
             }}};
}

} // namespace bctrl::bench
