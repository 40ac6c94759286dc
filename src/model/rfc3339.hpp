#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::model {

using nanosecond_time = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Reads a date and time of RFC 3339, section 5.6. `t`, `z` and a space instead of `T` are
/// accepted, as the RFC allows; digits beyond nanoseconds are cut off; `:60` counts as the second
/// after `:59`.
/// @returns nothing if `text` is no such time or if nanoseconds since 1970 cannot hold it.
std::optional<nanosecond_time> read_rfc3339(std::string_view text) noexcept;

/// Writes `when` in UTC with three, six or nine digits of a second.
std::string write_rfc3339(nanosecond_time when);

} // namespace bctrl::model
