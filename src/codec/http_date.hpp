#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace bctrl::codec {

/// Reads a date of HTTP in any of its three forms (RFC 9110, section 5.6.7), without locale. The
/// name of the day is read but not checked against the date. `now` settles the century of a year of
/// two digits: no date lies more than 50 years ahead, or 50 years or more behind.
/// @returns nothing if `text` is no such date.
std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text,
                                                       std::chrono::sys_seconds now) noexcept;

} // namespace bctrl::codec
