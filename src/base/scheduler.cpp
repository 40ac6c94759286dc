#include "base/scheduler.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace bctrl {

scheduler::scheduler(boost::asio::any_io_executor executor, std::shared_ptr<clock> time,
                     std::shared_ptr<randomness> chance)
    : strand_{strand{std::move(executor)}},
      clock_{std::move(time)},
      random_{std::move(chance)},
      deadlines_{std::make_unique<deadline_queue>(*clock_, *strand_)} {}

void scheduler::resume_later(resumption& r) {
    if (r.is_linked()) return;
    // Posted first: without memory for it nothing may look as if a turn were to come.
    if (!turn_posted_ && strand_) {
        boost::asio::post(*strand_, [self = shared_from_this()] { self->resume_all(); });
        turn_posted_ = true;
    }
    due_.push_back(r);
}

void scheduler::resume_all() {
    turn_posted_ = false;
    // Those that become due meanwhile wait for the next turn, so that nobody is starved.
    auto batch = std::move(due_);
    due_.clear();
    while (!batch.empty()) {
        auto const next = batch.front().suspended;
        batch.pop_front();
        next.resume();
    }
}

void scheduler::notification_came() {
    if (--live_->watches > 0) return;
    while (!awaiting_notifications_.empty()) {
        auto& next = awaiting_notifications_.front();
        awaiting_notifications_.pop_front();
        resume_later(next);
    }
}

void scheduler::shut_down() noexcept {
    deadlines_.reset();
    due_.clear();
    awaiting_notifications_.clear();
    strand_.reset();
}

} // namespace bctrl
