#include "emulator/net/tls_context.hpp"

#include <openssl/pem.h>

#include <array>
#include <string>
#include <string_view>

namespace bctrl::emulator {
namespace {

void check(bool worked, char const* action) {
    if (!worked) throw_openssl_error(action);
}

bio_handle reader_of(std::string const& text) {
    bio_handle bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
    check(bio != nullptr, "cannot allocate");
    return bio;
}

void use_chain(SSL_CTX* context, std::string const& pem) {
    auto const bio = reader_of(pem);
    x509_handle const own{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
    check(own != nullptr, "cannot read the certificate");
    check(SSL_CTX_use_certificate(context, own.get()) == 1, "cannot use the certificate");
    while (auto* const next = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
        x509_handle const intermediate{next};
        check(SSL_CTX_add1_chain_cert(context, intermediate.get()) == 1, "cannot use the chain");
    }
    ERR_clear_error(); // the end of the chain is an error to OpenSSL
}

/// A key with a password is refused: there is nobody to ask.
int no_password(char*, int, int, void*) {
    return -1;
}

void use_key(SSL_CTX* context, std::string const& pem) {
    auto const bio = reader_of(pem);
    key_handle const key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr)};
    check(key != nullptr, "cannot read the private key");
    check(SSL_CTX_use_PrivateKey(context, key.get()) == 1,
          "the private key is not the certificate's");
}

/// RFC 7301, section 3.1: each name behind its length, the one we prefer first.
std::string_view const& protocols_of(http_versions versions) {
    static constexpr std::string_view http1 = "\x08http/1.1\x08http/1.0";
    static constexpr std::string_view http2 = "\x02h2";
    static constexpr std::string_view both = "\x02h2\x08http/1.1\x08http/1.0";
    switch (versions) {
        case http_versions::only_1_1:
            return http1;
        case http_versions::only_2:
            return http2;
        default:
            return both;
    }
}

int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* chosen_size,
                    unsigned char const* offered, unsigned offered_size, void* protocols) {
    auto const& ours = *static_cast<std::string_view const*>(protocols);
    auto const* const names = reinterpret_cast<unsigned char const*>(ours.data());
    auto const names_size = static_cast<unsigned>(ours.size());
    unsigned char* match = nullptr;
    auto const result =
        SSL_select_next_proto(&match, chosen_size, names, names_size, offered, offered_size);
    *chosen = match;
    // RFC 7301, section 3.2: a client that offers only what we lack is refused.
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

} // namespace

ssl_context_handle make_tls_context(certificate const& own, http_versions versions) {
    ssl_context_handle context{SSL_CTX_new(TLS_server_method())};
    check(context != nullptr, "cannot set up TLS");
    auto* const c = context.get();
    check(SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1, "cannot set up TLS");
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                            SSL_MODE_RELEASE_BUFFERS);
    static constexpr std::array<unsigned char, 5> session_id_context{'b', 'c', 't', 'r', 'l'};
    SSL_CTX_set_session_id_context(c, session_id_context.data(), session_id_context.size());
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF); // tickets are kept by the clients
    auto* const protocols = const_cast<std::string_view*>(&protocols_of(versions)); // read only
    SSL_CTX_set_alpn_select_cb(c, choose_protocol, protocols);
    use_chain(c, own.chain);
    use_key(c, own.private_key);
    return context;
}

} // namespace bctrl::emulator
