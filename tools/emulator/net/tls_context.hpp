#pragma once

#include "emulator/net/openssl_handle.hpp"

#include <bctrl/emulator/server.hpp>

namespace bctrl::emulator {

/// The server's side of TLS 1.2 and 1.3 with one certificate; picks one of these versions by ALPN.
/// @throws std::runtime_error if the certificate or key cannot be used
ssl_context_handle make_tls_context(certificate const& own, http_versions versions);

} // namespace bctrl::emulator
