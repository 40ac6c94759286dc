#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace bctrl::emulator {

/// The value of a JSON text, or nothing if it is no JSON or nested deeper than 512 levels.
std::optional<boost::json::value> parse_json(std::string_view text);

} // namespace bctrl::emulator
