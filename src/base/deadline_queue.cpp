#include "base/deadline_queue.hpp"

namespace bctrl {

deadline_queue::deadline_queue(clock& time, strand const& runs_on)
    : pending_{std::make_shared<pending>(time)} {
    // Weak: a ring that is under way when the last owner lets go must find nothing, or keep it alive.
    pending_->alarm_ = time.make_alarm(runs_on, [weak = std::weak_ptr{pending_}] {
        if (auto const held = weak.lock()) held->ring();
    });
}

void deadline_queue::arm(deadline& d, steady_time when) {
    d.when_ = when;
    pending_->deadlines_.insert(d);
    if (when < pending_->alarm_at_) pending_->set_alarm();
}

void deadline_queue::rest() noexcept {
    if (!pending_->deadlines_.empty()) return;
    pending_->alarm_->clear();
    pending_->alarm_at_ = steady_time::max();
}

void deadline_queue::pending::ring() {
    alarm_at_ = steady_time::max();
    auto const now = clock_.now();
    while (!deadlines_.empty() && deadlines_.begin()->when_ <= now) {
        auto& due = *deadlines_.begin();
        deadlines_.erase(deadlines_.begin());
        due.expired();
    }
    set_alarm();
}

void deadline_queue::pending::set_alarm() {
    if (deadlines_.empty()) return;
    // Set first: without memory for it the next deadline tries again.
    auto const next = deadlines_.begin()->when_;
    alarm_->set(next);
    alarm_at_ = next;
}

} // namespace bctrl
