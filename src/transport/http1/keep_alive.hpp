#pragma once

#include "base/clock.hpp"
#include "transport/message.hpp"

#include <cstdint>
#include <optional>

namespace bctrl::http1 {

/// What a server says of the future of a connection in `Keep-Alive: timeout=5, max=100` (RFC 2068,
/// section 19.7.1).
struct keep_alive_hint {
    std::optional<milliseconds> timeout;   ///< it closes the connection when idle for so long
    std::optional<std::uint64_t> requests; ///< how many more it will answer on it
};

/// Reads the hint of an answer; what cannot be understood is as if it were not there. Of several the
/// smallest count.
keep_alive_hint read_keep_alive(wire_response const& answer);

} // namespace bctrl::http1
