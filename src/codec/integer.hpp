#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bctrl::codec {

/// The value of a JSON number that is an integer, however it is written: `3`, `3.0`, `30e-1`,
/// `0.3e1`. Exact: no floating point is involved.
/// @pre `number` is a number of JSON.
/// @returns nothing if the value has a fraction or does not fit.
std::optional<std::int64_t> exact_integer(std::string_view number) noexcept;

} // namespace bctrl::codec
