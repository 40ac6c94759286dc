#include "base/scheduler.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace bctrl {

scheduler::scheduler(boost::asio::any_io_executor executor, std::shared_ptr<clock> time,
                     std::shared_ptr<randomness> chance)
    : strand_{std::make_shared<strand const>(std::move(executor))},
      clock_{std::move(time)},
      random_{std::move(chance)},
      deadlines_{std::make_unique<deadline_queue>(*clock_, *strand_)} {}

void scheduler::resume_later(resumption& r) {
    if (r.is_linked()) return;
    // Posted first: without memory for it nothing may look as if a turn were to come.
    post_turn();
    due_.push_back(r);
}

void scheduler::at_end_of_turn(turn_end& t) {
    if (t.is_linked()) return;
    if (!in_turn_) post_turn();
    ends_.push_back(t);
}

void scheduler::post_turn() {
    if (turn_posted_ || !strand_) return;
    boost::asio::post(*strand_, [self = shared_from_this()] { self->resume_all(); });
    turn_posted_ = true;
}

void scheduler::resume_all() {
    turn_posted_ = false;
    in_turn_ = true;
    // Those that become due meanwhile wait for the next turn, so that nobody is starved.
    auto batch = std::move(due_);
    due_.clear();
    while (!batch.empty()) {
        auto const next = batch.front().suspended;
        batch.pop_front();
        next.resume();
    }
    in_turn_ = false;
    end_turn();
}

void scheduler::end_turn() {
    auto batch = std::move(ends_);
    ends_.clear();
    while (!batch.empty()) {
        auto& next = batch.front();
        batch.pop_front();
        next.turn_ended();
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
    ends_.clear();
    awaiting_notifications_.clear();
    strand_.reset();
}

} // namespace bctrl
