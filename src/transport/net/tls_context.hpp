#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "transport/net/openssl_handle.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::net {

class session_cache;

/// Whom to trust, what to show, what to offer.
struct tls_settings {
    std::string ca_file{}; ///< PEM; empty: the system's trust store
    bool trust_system_too = false;
    std::string client_certificate_file{}; ///< PEM; empty: none
    std::string client_key_file{};         ///< PEM; empty: beside the certificate
    /// Offered to the server by ALPN (RFC 7301), the preferred one first; each of 1 to 255 bytes.
    std::vector<std::string> protocols{"http/1.1"};
    bool testing_only_accept_any_certificate = false;
};

/// A connection's session before its handshake.
struct opened_session {
    tls_session session;
    std::uint64_t offered = 0; ///< the earlier session it offers to resume, 0 if none
};

/// What all TLS connections of a client share: TLS 1.2 at least, the server's certificate and name
/// always verified but for tests, and the sessions that can be resumed.
class tls_context {
public:
    /// @returns the context, or `errc::invalid_configuration` if a file cannot be used.
    static outcome<std::shared_ptr<tls_context>, failure> make(tls_settings const& settings);
    ~tls_context();

    /// A client session for a connection to `host`: a name (sent as SNI) or an IP address literal.
    /// Resumes an earlier one to the same host if there is any.
    outcome<opened_session, failure> open(std::string const& host) const;

    /// The server did not resume the session that was `offered`.
    void resumption_refused(SSL* by, std::uint64_t offered) const;

    /// Whether `protocol` may be what ALPN agreed on: it was offered, or the server knows no ALPN.
    bool may_agree_to(std::string_view protocol) const noexcept;

    /// Sessions kept to be resumed.
    std::size_t resumable() const noexcept;

private:
    tls_context(SSL_CTX* context, std::vector<std::string> protocols);
    outcome<void, failure> apply(tls_settings const& settings);
    outcome<void, failure> trust(tls_settings const& settings);
    bool offer_protocols();
    void keep_sessions() noexcept;

    std::vector<std::string> protocols_;
    std::unique_ptr<session_cache> sessions_;
    std::unique_ptr<SSL_CTX, openssl_delete> context_;
};

} // namespace bctrl::net
