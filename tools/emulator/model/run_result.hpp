#pragma once

#include "emulator/model/resource.hpp"

#include <boost/json/value.hpp>

namespace bctrl::emulator {

/// The member `result` of an ended resource: its steps up to the one that failed; null if
/// cancelled.
boost::json::value result_of(resource const& r);

/// The member `error` of an ended resource; null after success.
boost::json::value error_of(resource const& r);

} // namespace bctrl::emulator
