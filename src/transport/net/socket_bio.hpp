#pragma once

#include <openssl/ssl.h>

namespace bctrl::net {

/// Lets `session` read and write the non-blocking socket `descriptor` directly, without the copies
/// and buffers of a BIO pair, and without SIGPIPE when the peer is gone. The descriptor stays the
/// caller's.
/// @returns false if OpenSSL has no memory for it.
bool attach_socket(SSL* session, int descriptor);

} // namespace bctrl::net
