#include "transport/pool/dial_gate.hpp"

#include <utility>

namespace bctrl::pool {

bool dial_gate::admit(lane_kind which, dial_listener& who) {
    auto const now = scheduler_.now();
    auto const next = pace_.next(which);
    auto const after_others = which == lane_kind::wait && asking(lane_kind::control);
    if (next && *next <= now && !after_others) {
        asking(which) = nullptr;
        pace_.begun(which, now);
        return true;
    }
    asking(which) = &who;
    if (next) tell_at(*next);
    return false;
}

void dial_gate::ended(lane_kind which) noexcept {
    pace_.ended(which);
    tell();
}

void dial_gate::forget(lane_kind which) noexcept {
    asking(which) = nullptr;
    // An alarm for nobody would keep the context of a closed client running.
    if (!asking(lane_kind::control) && !asking(lane_kind::wait)) disarm();
}

void dial_gate::tell() noexcept {
    for (auto const which : {lane_kind::control, lane_kind::wait})
        if (auto* const who = std::exchange(asking(which), nullptr)) who->may_dial();
}

void dial_gate::tell_at(steady_time when) {
    if (armed() && this->when() <= when) return;
    disarm();
    scheduler_.deadlines().arm(*this, when);
}

} // namespace bctrl::pool
