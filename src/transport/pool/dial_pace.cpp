#include "transport/pool/dial_pace.hpp"

#include <algorithm>

namespace bctrl::pool {

namespace {

constexpr std::chrono::nanoseconds a_second = std::chrono::seconds{1};

} // namespace

dial_pace::dial_pace(dial_limits limits, steady_time now) noexcept
    : limits_{limits},
      interval_{a_second /
                static_cast<std::int64_t>(std::clamp(limits.per_second, std::size_t{1},
                                                     static_cast<std::size_t>(a_second.count())))},
      used_up_to_{now - a_second} {}

std::optional<steady_time> dial_pace::next(lane_kind which) const noexcept {
    if (!has_place(which)) return std::nullopt;
    return used_up_to_ + interval_;
}

bool dial_pace::has_place(lane_kind which) const noexcept {
    auto const [of_control, of_waits] = under_way_;
    if (which == lane_kind::control)
        return of_control == 0 || of_control + of_waits < limits_.at_once;
    return of_waits < limits_.at_once - limits_.at_once / 4 &&
           of_control + of_waits < limits_.at_once;
}

void dial_pace::begun(lane_kind which, steady_time now) noexcept {
    used_up_to_ = std::max(used_up_to_, now - a_second) + interval_;
    ++under_way(which);
}

void dial_pace::ended(lane_kind which) noexcept {
    --under_way(which);
}

} // namespace bctrl::pool
