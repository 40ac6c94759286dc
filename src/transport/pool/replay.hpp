#pragma once

#include "base/clock.hpp"
#include "transport/message.hpp"

namespace bctrl::pool {

/// How an exchange without an answer came to its end.
struct lost_exchange {
    exchange_failure const& failed;
    bool on_kept; ///< the connection was kept from before; else it was opened for this exchange
    bool refused; ///< the connection is fine, and the server has said that it did not act
    milliseconds took; ///< from the first attempt to send
};

/// Whether the request goes out again at once, on another connection: the server had closed this one
/// before it saw the request, as it may close any that is idle (RFC 9112, section 9.3.1), or said of
/// the stream that it did not act on it (RFC 9113, section 8.7). Anything else is a fault, whose
/// matter is for those above to decide.
bool may_go_out_again(lost_exchange const& what, bool replayable) noexcept;

/// How often one request goes out again for that reason, not counting when a server that says goodbye
/// has taken others in its place (`carried::crowded_out`). Beyond `replays_on_any` times it takes no
/// connection that was kept.
inline constexpr unsigned most_replays = 4;
inline constexpr unsigned replays_on_any = 1;

} // namespace bctrl::pool
