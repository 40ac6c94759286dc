#pragma once

#include <openssl/ssl.h>

namespace bctrl::net {

/// What a TLS session reads from and writes to. The descriptor stays its owner's.
struct socket_end {
    int descriptor = -1;
    /// How often it may still be read before it seems empty. OpenSSL reads on until it has bytes for
    /// its caller: a server that sends nothing but tickets and key updates would hold it for ever.
    unsigned reads_left = 0;
};

/// Lets `session` read and write the non-blocking socket at `end` directly, without the copies and
/// buffers of a BIO pair, and without SIGPIPE when the peer is gone. `end` must outlive the session.
/// @returns false if OpenSSL has no memory for it.
bool attach_socket(SSL* session, socket_end& end);

} // namespace bctrl::net
