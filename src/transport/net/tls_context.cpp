#include "transport/net/tls_context.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

namespace bctrl::net {

namespace {

bool trust(SSL_CTX* context, tls_settings const& settings) {
    if (settings.ca_file.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
    return SSL_CTX_load_verify_locations(context, settings.ca_file.c_str(), nullptr) == 1;
}

bool is_address(std::string const& host) {
    error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address;
}

bool expect_peer(SSL* session, std::string const& host) {
    auto* const parameters = SSL_get0_param(session);
    // An address must stand in the certificate as an address; SNI carries names only (RFC 6066).
    if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size()) == 1 &&
           SSL_set_tlsext_host_name(session, host.c_str()) == 1;
}

} // namespace

std::string last_tls_error() {
    auto const code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0) return "no further reason is known";
    auto const* const reason = ERR_reason_error_string(code);
    return reason ? reason : "OpenSSL error " + std::to_string(code);
}

outcome<std::shared_ptr<tls_context>, failure> tls_context::make(tls_settings const& settings) {
    ERR_clear_error();
    auto* const context = SSL_CTX_new(TLS_client_method());
    if (!context) return failure{errc::out_of_memory, "OpenSSL made no context"};
    std::shared_ptr<tls_context> made{new tls_context{context}};

    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // A parked connection gives its record buffers back; a retried write may come from other
    // memory.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (trust(context, settings)) return made;
    if (settings.ca_file.empty())
        return failure{errc::invalid_configuration,
                       "the system's trust store cannot be read: " + last_tls_error()};
    return failure{errc::invalid_configuration,
                   "the CA file \"" + settings.ca_file +
                       "\" cannot be read as PEM certificates: " + last_tls_error()};
}

outcome<tls_session, failure> tls_context::open(std::string const& host) const {
    ERR_clear_error();
    tls_session session{SSL_new(context_.get())};
    if (!session) return failure{errc::out_of_memory, "OpenSSL made no session"};
    if (!expect_peer(session.get(), host))
        return failure{errc::tls_failed,
                       "\"" + host + "\" cannot be verified as a host name: " + last_tls_error()};
    static constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_set_alpn_protos(session.get(), http_1_1, sizeof http_1_1);
    SSL_set_connect_state(session.get());
    return session;
}

} // namespace bctrl::net
