#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"
#include "transport/net/address_book.hpp"
#include "transport/net/dial_progress.hpp"
#include "transport/net/passage.hpp"
#include "transport/net/stream.hpp"
#include "transport/net/tls_context.hpp"

#include <memory>
#include <string>

namespace bctrl::net {

/// Where to connect to, and on which way.
struct peer {
    std::string host;                 ///< a name or an address literal, without brackets
    unsigned short port = 0;          ///< 1 to 65535
    tls_context const* tls = nullptr; ///< none: plain TCP
    /// What is connected to: the host's addresses, or those of the proxy in front of it. None: the
    /// host's, looked up for this dial alone.
    address_book* addresses = nullptr;
    passage const* through = nullptr; ///< the proxy; none: there is none
    std::string unix_socket{};        ///< a path to connect to instead of any address
};

/// Finds addresses, connects to the first that accepts, passes the proxy, and makes the TLS
/// handshake with the host.
/// @returns a stream ready for requests, or `resolve_failed`, `connect_failed`,
/// `too_many_descriptors`, `tls_failed`, `certificate_rejected`, `client_certificate_refused`, why
/// the proxy does not let it through, or what the stop asks for.
/// @param told is kept up to date with how far it is
task<outcome<std::unique_ptr<stream>, failure>> connect(scheduler& runs_on, peer to,
                                                        stop_signal& stop, dial_progress& told);

} // namespace bctrl::net
