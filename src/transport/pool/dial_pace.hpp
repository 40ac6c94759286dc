#pragma once

#include "base/clock.hpp"

#include <bctrl/explanation.hpp>

#include <array>
#include <cstddef>
#include <optional>

namespace bctrl::pool {

/// Bounds on the dials of one origin.
struct dial_limits {
    std::size_t per_second = 1'000; ///< after a second without dials so many may begin together
    std::size_t at_once = 128;      ///< dials under way
};

/// The decisions about the dials of all lanes together: thousands of handshakes that begin at once
/// all come too late. Knows no network and no timer; it is told what happened and when.
///
/// A quarter of the places is for calls that are answered at once, and one of their dials may
/// always be under way: dials for waits, however many hang, are not in their way.
class dial_pace {
public:
    dial_pace(dial_limits limits, steady_time now) noexcept;

    /// When a dial for `which` may begin, in the past perhaps; nothing if one must end before.
    std::optional<steady_time> next(lane_kind which) const noexcept;

    void begun(lane_kind which, steady_time now) noexcept;
    void ended(lane_kind which) noexcept;

private:
    bool has_place(lane_kind which) const noexcept;
    std::size_t& under_way(lane_kind which) noexcept {
        return under_way_[static_cast<std::size_t>(which)];
    }

    dial_limits limits_;
    std::chrono::nanoseconds interval_;
    steady_time
        used_up_to_; ///< of time's own supply of dials, a second's worth of which may be kept
    std::array<std::size_t, 2> under_way_{};
};

} // namespace bctrl::pool
