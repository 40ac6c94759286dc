#pragma once

#include "base/failure.hpp"
#include "transport/net/stream.hpp"

namespace bctrl::net {

/// How a connection was lost on which bytes can be moved no more.
/// @pre `step` has moved nothing, and waits for nothing
failure loss_of_connection(transfer const& step);

} // namespace bctrl::net
