#pragma once

#include "transport/message.hpp"

namespace bctrl {

/// What becomes of the place on a connection that an exchange had.
enum class place_fate : unsigned char {
    free, ///< it may be used again
    lost, ///< the connection can carry nothing else
    held, ///< nobody awaits the answer; the connection gives the place back itself, later
};

/// What has come of an exchange on one connection.
struct carried {
    exchange_outcome answer;
    place_fate place;
    /// The server took others on this connection, said goodbye, and did not act on this one.
    bool crowded_out = false;
};

} // namespace bctrl
