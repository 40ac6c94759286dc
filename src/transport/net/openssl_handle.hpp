#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace bctrl::net {

struct openssl_delete {
    void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
    void operator()(SSL* p) const noexcept { SSL_free(p); }
    void operator()(SSL_SESSION* p) const noexcept { SSL_SESSION_free(p); }
    void operator()(BIO* p) const noexcept { BIO_free(p); }
    void operator()(EVP_PKEY* p) const noexcept { EVP_PKEY_free(p); }
    void operator()(X509* p) const noexcept { X509_free(p); }
};

/// One TLS connection.
using tls_session = std::unique_ptr<SSL, openssl_delete>;

} // namespace bctrl::net
