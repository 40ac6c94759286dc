#include "transport/net/tls_context.hpp"

#include "transport/net/certificate_check.hpp"
#include "transport/net/session_cache.hpp"
#include "transport/net/tls_error.hpp"
#include "transport/net/tls_files.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <new>
#include <utility>

namespace bctrl::net {

namespace {

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

/// Whom the peer of `session` was verified to be, as OpenSSL has it.
std::string verified_host(SSL* session) {
    auto* const parameters = SSL_get0_param(session);
    if (auto const* const name = X509_VERIFY_PARAM_get0_host(parameters, 0)) return name;
    struct openssl_text_delete {
        void operator()(char* p) const noexcept { OPENSSL_free(p); }
    };
    std::unique_ptr<char, openssl_text_delete> const address{
        X509_VERIFY_PARAM_get1_ip_asc(parameters)};
    return address ? address.get() : "";
}

/// Called with each ticket that a server sends. The one given is its connection's.
int keep_session(SSL* from, SSL_SESSION* given) noexcept {
    auto* const kept = static_cast<session_cache*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(from)));
    try {
        resumable_session copy{SSL_SESSION_dup(given)};
        if (copy) kept->store(verified_host(from), std::move(copy));
    } catch (std::bad_alloc const&) {
        // The next connection makes a full handshake.
    }
    return 0;
}

int accept_any_certificate(X509_STORE_CTX* at, void*) {
    X509_STORE_CTX_set_error(at, X509_V_OK);
    return 1;
}

} // namespace

tls_context::tls_context(SSL_CTX* context, std::vector<std::string> protocols)
    : protocols_{std::move(protocols)},
      sessions_{std::make_unique<session_cache>()},
      context_{context} {}

tls_context::~tls_context() {
    // A connection may live longer, and be sent a ticket.
    if (context_) SSL_CTX_sess_set_new_cb(context_.get(), nullptr);
}

outcome<std::shared_ptr<tls_context>, failure> tls_context::make(tls_settings const& settings) {
    ERR_clear_error();
    std::unique_ptr<SSL_CTX, openssl_delete> context{SSL_CTX_new(TLS_client_method())};
    if (!context) return failure{errc::out_of_memory, "OpenSSL made no context"};
    std::shared_ptr<tls_context> made{new tls_context{context.release(), settings.protocols}};
    if (auto applied = made->apply(settings); !applied) return std::move(applied).error();
    return made;
}

outcome<void, failure> tls_context::apply(tls_settings const& settings) {
    auto* const context = context_.get();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, &certificate_check::verify_callback);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // A parked connection gives its record buffers back; a retried write may come from other
    // memory.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    keep_sessions();
    if (settings.testing_only_accept_any_certificate)
        SSL_CTX_set_cert_verify_callback(context, accept_any_certificate, nullptr);
    if (!offer_protocols()) return failure{errc::out_of_memory, "OpenSSL made no context"};
    if (auto trusted = trust(settings); !trusted) return trusted;
    if (settings.client_certificate_file.empty()) return {};
    return show_identity(context, settings.client_certificate_file, settings.client_key_file);
}

outcome<void, failure> tls_context::trust(tls_settings const& settings) {
    auto const own = !settings.ca_file.empty();
    if (!own || settings.trust_system_too)
        if (auto trusted = trust_system(context_.get()); !trusted) return trusted;
    if (!own) return {};
    return trust_file(context_.get(), settings.ca_file);
}

bool tls_context::offer_protocols() {
    std::vector<unsigned char> names;
    for (auto const& each : protocols_) {
        names.push_back(static_cast<unsigned char>(each.size()));
        names.insert(names.end(), each.begin(), each.end());
    }
    return SSL_CTX_set_alpn_protos(context_.get(), names.data(),
                                   static_cast<unsigned>(names.size())) == 0;
}

void tls_context::keep_sessions() noexcept {
    SSL_CTX_set_app_data(context_.get(), sessions_.get());
    SSL_CTX_set_session_cache_mode(context_.get(),
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context_.get(), keep_session);
}

outcome<opened_session, failure> tls_context::open(std::string const& host) const {
    ERR_clear_error();
    opened_session made;
    made.session.reset(SSL_new(context_.get()));
    auto* const session = made.session.get();
    if (!session) return failure{errc::out_of_memory, "OpenSSL made no session"};
    if (!expect_peer(session, host))
        return failure{errc::tls_failed, "\"" + host + "\" cannot be verified as a host name: " +
                                             take_tls_error().message()};
    SSL_set_connect_state(session);
    auto const earlier = sessions_->take(verified_host(session), std::time(nullptr));
    if (earlier.session && SSL_set_session(session, earlier.session.get()) == 1)
        made.offered = earlier.number;
    return made;
}

void tls_context::resumption_refused(SSL* by, std::uint64_t offered) const {
    sessions_->refused(verified_host(by), offered);
}

bool tls_context::may_agree_to(std::string_view protocol) const noexcept {
    return protocol.empty() ||
           std::find(protocols_.begin(), protocols_.end(), protocol) != protocols_.end();
}

std::size_t tls_context::resumable() const noexcept {
    return sessions_->size();
}

} // namespace bctrl::net
