#pragma once

#include "emulator/model/calendar.hpp"
#include "emulator/model/resource.hpp"

#include <string>

namespace bctrl::emulator {

/// The JSON text of an operation or invocation as the API shows it at `now`.
/// @pre `store::advance(now)` was called
std::string document_of(resource const& r, time_point now, calendar const& dates);

} // namespace bctrl::emulator
