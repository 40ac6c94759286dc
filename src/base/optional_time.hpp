#pragma once

#include "base/clock.hpp"

namespace bctrl {

/// A point in time, or none, in the room of a point in time: several lie in every parked wait.
class optional_time {
public:
    constexpr optional_time() noexcept = default;
    /// @pre `at` is not the beginning of time
    constexpr optional_time(steady_time at) noexcept : at_{at} {}

    constexpr bool has_value() const noexcept { return at_ != none; }
    constexpr explicit operator bool() const noexcept { return has_value(); }
    /// @pre `has_value()`
    constexpr steady_time operator*() const noexcept { return at_; }
    constexpr void reset() noexcept { at_ = none; }

private:
    static constexpr auto none = steady_time::min();

    steady_time at_ = none;
};

} // namespace bctrl
