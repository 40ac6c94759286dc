#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/task.hpp"
#include "transport/net/stream.hpp"
#include "transport/net/tls_context.hpp"

#include <string>

namespace bctrl::net {

/// Makes `on` a TLS stream to `host` and verifies that the peer is `host`.
/// @returns nothing, or `certificate_rejected`, `client_certificate_refused`, `tls_failed`,
/// `connection_lost`, or what the stop asks for.
task<outcome<void, failure>> handshake(stream& on, tls_context const& context, std::string host,
                                       stop_signal& stop);

} // namespace bctrl::net
