#pragma once

#include <bctrl/emulator/life.hpp>

#include <boost/json/value.hpp>

#include <string>

namespace bctrl::emulator {

/// Reads the member `life` of a creation request.
/// @throws script_fault
life read_life(boost::json::value const& value, std::string const& path);

} // namespace bctrl::emulator
