#pragma once

#include <cstdint>

namespace bctrl {

/// What a client has in hand at one moment, and what it has done so far. The numbers are read one
/// after the other, so a call that begins meanwhile may show in some of them only.
struct client_stats {
    std::int64_t calls = 0;                    ///< calls in flight, waits included
    std::int64_t queued = 0;                   ///< of these, how many wait for a connection
    std::int64_t dials = 0;                    ///< connections being opened
    std::int64_t sockets = 0;                  ///< connections open
    std::int64_t watches = 0;                  ///< notifications asked of the system for these
    std::int64_t requests = 0;                 ///< requests begun so far
    std::int64_t connections = 0;              ///< connections opened so far
    std::int64_t remote_cancels = 0;           ///< cancels sent so far for abandoned waits
    std::int64_t remote_cancels_confirmed = 0; ///< of these, taken by the server
    std::int64_t remote_cancels_failed = 0;    ///< of these, refused or not answered in time
};

} // namespace bctrl
