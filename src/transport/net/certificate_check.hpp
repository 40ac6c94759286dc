#pragma once

#include <openssl/ssl.h>

#include <string>

namespace bctrl::net {

/// Notes what is found wrong with the certificate that a server shows, for as long as this lives:
/// OpenSSL itself keeps a number only. Contexts call `verify_callback`.
class certificate_check {
public:
    certificate_check(SSL* session, std::string const& host);
    certificate_check(certificate_check const&) = delete;
    certificate_check& operator=(certificate_check const&) = delete;
    ~certificate_check();

    /// For people: what is wrong, and what to do. Empty if nothing was found wrong.
    std::string const& fault() const noexcept { return fault_; }

    /// For `SSL_CTX_set_verify`. Changes no verdict.
    static int verify_callback(int accepted, X509_STORE_CTX* at) noexcept;

private:
    SSL* session_;
    std::string const& host_;
    std::string fault_;
};

/// What is wrong with `shown`, the certificate of `host` or one above it in the chain: `error` is
/// one of X509_V_ERR_….
std::string certificate_fault(int error, X509* shown, std::string const& host);

} // namespace bctrl::net
