#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bctrl::codec {

/// The longest pause that read_retry_after gives; servers may ask for more than any clock holds.
inline constexpr std::chrono::milliseconds longest_retry_after = std::chrono::days{365};

/// The pause that the header `Retry-After` (RFC 9110, section 10.2.3) asks for, counted from `now`:
/// seconds, with a fraction if need be, or a date. Between nothing and `longest_retry_after`, so
/// that a negative number or a date that has passed gives no pause.
/// @returns nothing if `value` is neither.
std::optional<std::chrono::milliseconds> read_retry_after(std::string_view value,
                                                          std::chrono::sys_seconds now) noexcept;

} // namespace bctrl::codec
