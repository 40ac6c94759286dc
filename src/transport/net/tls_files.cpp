#include "transport/net/tls_files.hpp"

#include "transport/net/openssl_handle.hpp"
#include "transport/net/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <memory>

namespace bctrl::net {

namespace {

using bio = std::unique_ptr<BIO, openssl_delete>;
using certificate = std::unique_ptr<X509, openssl_delete>;
using private_key = std::unique_ptr<EVP_PKEY, openssl_delete>;

failure unusable(char const* what, std::string const& file, std::string const& why) {
    return failure{errc::invalid_configuration,
                   std::string{what} + " \"" + file + "\" cannot be used: " + why};
}

/// There is nobody to ask for a password, and OpenSSL by itself would ask the terminal.
/// @param asked a `bool` that is told, if there is one
int no_password(char*, int, int, void* asked) {
    if (asked) *static_cast<bool*>(asked) = true;
    return -1;
}

bool no_more_pem() noexcept {
    auto const code = ERR_peek_last_error();
    return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

outcome<void, failure> check_readable(char const* what, std::string const& file) {
    // What the system says of a file reads better than what OpenSSL makes of it.
    errno = 0;
    bio const opened{BIO_new_file(file.c_str(), "r")};
    char first = 0;
    if (opened && BIO_read(opened.get(), &first, 1) == 1) return {};
    error_code const why{errno, boost::system::system_category()};
    ERR_clear_error();
    return unusable(what, file, why ? why.message() : "it is empty");
}

/// @pre `context` has a certificate.
outcome<void, failure> use_key(SSL_CTX* context, std::string const& file) {
    constexpr auto* what = "the client key file";
    if (auto readable = check_readable(what, file); !readable) return readable;
    bio const opened{BIO_new_file(file.c_str(), "r")};
    bool has_password = false;
    private_key const key{
        PEM_read_bio_PrivateKey(opened.get(), nullptr, no_password, &has_password)};
    auto const why = take_tls_error();
    if (has_password)
        return unusable(what, file, "the key in it has a password; write one without to a file");
    if (!key) return unusable(what, file, "it holds no private key in PEM (" + why.message() + ")");
    auto const fits =
        SSL_CTX_use_PrivateKey(context, key.get()) == 1 && SSL_CTX_check_private_key(context) == 1;
    ERR_clear_error();
    if (fits) return {};
    return unusable(what, file, "the key in it does not belong to the client certificate");
}

} // namespace

outcome<void, failure> trust_system(SSL_CTX* context) {
    ERR_clear_error();
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return failure{errc::invalid_configuration,
                   "the system's trust store cannot be read: " + take_tls_error().message()};
}

outcome<void, failure> trust_file(SSL_CTX* context, std::string const& file) {
    constexpr auto* what = "the CA file";
    ERR_clear_error();
    if (auto readable = check_readable(what, file); !readable) return readable;
    bio const opened{BIO_new_file(file.c_str(), "r")};
    auto* const trusted = SSL_CTX_get_cert_store(context);
    std::size_t count = 0;
    while (opened) {
        certificate const next{PEM_read_bio_X509_AUX(opened.get(), nullptr, no_password, nullptr)};
        if (!next) break;
        if (X509_STORE_add_cert(trusted, next.get()) != 1)
            return unusable(what, file, take_tls_error().message());
        ++count;
    }
    auto const complete = no_more_pem();
    auto const why = take_tls_error();
    if (!complete)
        return unusable(what, file,
                        "certificate " + std::to_string(count + 1) + " in it is damaged (" +
                            why.message() + ")");
    if (count == 0) return unusable(what, file, "it holds no certificate in PEM");
    return {};
}

outcome<void, failure> show_identity(SSL_CTX* context, std::string const& certificate_file,
                                     std::string const& key_file) {
    constexpr auto* what = "the client certificate file";
    ERR_clear_error();
    if (auto readable = check_readable(what, certificate_file); !readable) return readable;
    SSL_CTX_set_default_passwd_cb(context, no_password);
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1)
        return unusable(what, certificate_file,
                        "it holds no certificate in PEM, or one that is damaged (" +
                            take_tls_error().message() + ")");
    return use_key(context, key_file.empty() ? certificate_file : key_file);
}

} // namespace bctrl::net
