#include "wait/crowd.hpp"

#include <algorithm>

namespace bctrl {

namespace {

/// A poll held for less finds the end of its work hardly more often than a reading does.
constexpr milliseconds least_turn{1'000};

bool crowded(crowd const& now) noexcept {
    return now.works > now.places;
}

/// Who comes next would find every place taken: those who take the last ones give them back soon.
bool nearly_crowded(crowd const& now) noexcept {
    auto const last_ones = now.places / 4 + (now.places % 4 != 0 ? 1 : 0);
    return now.works > now.places - last_ones;
}

/// Of those who have to take turns at the places that are left to them.
milliseconds turn_of_each(crowd const& now, milliseconds within) noexcept {
    auto const settled = std::min(now.settled, now.places - 1);
    auto const share =
        static_cast<double>(now.places - settled) / static_cast<double>(now.works - settled);
    return milliseconds{
        static_cast<milliseconds::rep>(static_cast<double>(within.count()) * share)};
}

} // namespace

look next_look(crowd const& now, milliseconds within, bool seen) noexcept {
    if (!nearly_crowded(now)) return {};
    if (!crowded(now)) return {true, within};
    auto const slice = turn_of_each(now, within);
    if (!seen || slice < least_turn) return {false, milliseconds{0}};
    return {true, slice};
}

} // namespace bctrl
