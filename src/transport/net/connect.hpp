#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"
#include "transport/net/dial_progress.hpp"
#include "transport/net/stream.hpp"
#include "transport/net/tls_context.hpp"

#include <memory>
#include <string>

namespace bctrl::net {

/// Where to connect to.
struct peer {
    std::string host;                 ///< a name or an address literal, without brackets
    unsigned short port = 0;          ///< 1 to 65535
    tls_context const* tls = nullptr; ///< none: plain TCP
};

/// Resolves the host, tries its addresses in turn, and makes the TLS handshake.
/// @returns a stream ready for requests, or `resolve_failed`, `connect_failed`,
/// `too_many_descriptors`,
///          `tls_failed`, `certificate_rejected`, `client_certificate_refused`, or what the stop
///          asks for.
/// @param told is kept up to date with how far it is
task<outcome<std::unique_ptr<stream>, failure>> connect(scheduler& runs_on, peer to,
                                                        stop_signal& stop, dial_progress& told);

} // namespace bctrl::net
