#include "emulator/service/parked_waits.hpp"

#include <utility>

namespace bctrl::emulator {

parked_waits::ticket parked_waits::insert(resource const* target, time_point until,
                                          callback resume) {
    auto const t = ++last_ticket_;
    waits_.emplace(t, wait{target, expiries_.add(until, t), std::move(resume)});
    return t;
}

parked_waits::ticket parked_waits::add(resource const* target, time_point until, callback resume) {
    auto const t = insert(target, until, std::move(resume));
    by_target_[target].insert(t);
    tell_watchers();
    return t;
}

parked_waits::ticket parked_waits::watch(count_condition wanted, time_point until,
                                         callback resume) {
    auto const t = insert(nullptr, until, std::move(resume));
    watches_.emplace(t, wanted);
    return t;
}

void parked_waits::tell_watchers() {
    std::vector<ticket> satisfied;
    for (auto const& [t, wanted] : watches_)
        if (wanted.holds(size())) satisfied.push_back(t);
    for (auto const t : satisfied) {
        auto const told = take(t);
        expiries_.remove(told.expiry);
        told.resume(wait_end::resource_ended);
    }
}

parked_waits::wait parked_waits::take(ticket t) {
    auto node = waits_.extract(t);
    if (watches_.erase(t) != 0) return std::move(node.mapped());
    auto const siblings = by_target_.find(node.mapped().target);
    siblings->second.erase(t);
    if (siblings->second.empty()) by_target_.erase(siblings);
    return std::move(node.mapped());
}

void parked_waits::abandon(ticket t) {
    auto const is_wait = !watches_.contains(t);
    if (withdraw(t) && is_wait) ++abandoned_;
}

bool parked_waits::withdraw(ticket t) {
    if (!waits_.contains(t)) return false;
    expiries_.remove(take(t).expiry);
    tell_watchers();
    return true;
}

void parked_waits::release(resource const* target) {
    auto const node = by_target_.extract(target);
    if (node.empty()) return;
    for (auto const t : node.mapped()) {
        auto const ended = waits_.extract(t);
        expiries_.remove(ended.mapped().expiry);
        ended.mapped().resume(wait_end::resource_ended);
    }
    tell_watchers();
}

void parked_waits::expire(time_point now) {
    while (auto const due = expiries_.take_due(now))
        take(*due).resume(wait_end::timed_out);
    tell_watchers();
}

void parked_waits::forget_all() {
    expiries_.clear();
    by_target_.clear();
    watches_.clear();
    for (auto const& [t, forgotten] : std::exchange(waits_, {}))
        forgotten.resume(wait_end::forgotten);
}

} // namespace bctrl::emulator
