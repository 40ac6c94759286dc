#pragma once

#include "base/clock.hpp"
#include "transport/message.hpp"

namespace bctrl::pool {

/// How an exchange without an answer came to its end.
struct lost_exchange {
    exchange_failure const& failed;
    bool on_kept; ///< the connection was kept from before; else it was opened for this exchange
    milliseconds took; ///< from the first attempt to send
};

/// Whether the server had closed the connection before it saw the request, as it may close any that
/// is idle: then the request goes out again at once, on another one (RFC 9112, section 9.3.1).
/// Anything else is a fault, whose matter is for those above to decide.
bool lost_to_idle_end(lost_exchange const& what, bool replayable) noexcept;

/// How often one request goes out again for that reason. Beyond `replays_on_any` times it takes no
/// connection that was kept.
inline constexpr unsigned most_replays = 4;
inline constexpr unsigned replays_on_any = 1;

} // namespace bctrl::pool
