#pragma once

#include "base/failure.hpp"
#include "base/stop.hpp"

#include <bctrl/explanation.hpp>

namespace bctrl {

/// What an exchange ends with that is stopped in `phase`: sending, awaiting or reading.
failure stopped_exchange(stop_signal const& stop, call_phase phase);

} // namespace bctrl
