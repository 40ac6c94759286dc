#include "base/deadline_queue.hpp"

namespace bctrl {

deadline_queue::deadline_queue(clock& time, strand const& runs_on)
    : clock_{time}, alarm_{time.make_alarm(runs_on, [this] { ring(); })} {}

void deadline_queue::arm(deadline& d, steady_time when) {
    d.when_ = when;
    pending_.insert(d);
    if (when < alarm_at_) set_alarm();
}

void deadline_queue::rest() noexcept {
    if (!pending_.empty()) return;
    alarm_->clear();
    alarm_at_ = steady_time::max();
}

void deadline_queue::ring() {
    alarm_at_ = steady_time::max();
    auto const now = clock_.now();
    while (!pending_.empty() && pending_.begin()->when_ <= now) {
        auto& due = *pending_.begin();
        pending_.erase(pending_.begin());
        due.expired();
    }
    set_alarm();
}

void deadline_queue::set_alarm() {
    if (pending_.empty()) return;
    alarm_at_ = pending_.begin()->when_;
    alarm_->set(alarm_at_);
}

} // namespace bctrl
