#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace bctrl::net {

struct openssl_delete {
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL* p) const noexcept { SSL_free(p); }
};
using tls_session = std::unique_ptr<SSL, openssl_delete>;

/// Whom to trust.
struct tls_settings {
    std::string ca_file; ///< PEM; empty: the system's trust store
};

/// What all TLS connections of a client share: TLS 1.2 at least, the server's certificate and name
/// always verified.
class tls_context {
public:
    /// @returns the context, or `errc::invalid_configuration` if the CA file cannot be read.
    static outcome<std::shared_ptr<tls_context>, failure> make(tls_settings const& settings);

    /// A client session for a connection to `host`: a name (sent as SNI) or an IP address literal.
    outcome<tls_session, failure> open(std::string const& host) const;

private:
    explicit tls_context(SSL_CTX* context) noexcept : context_{context} {}

    std::unique_ptr<SSL_CTX, openssl_delete> context_;
};

/// What OpenSSL says of its last error in this thread, for people; empties its queue.
std::string last_tls_error();

} // namespace bctrl::net
