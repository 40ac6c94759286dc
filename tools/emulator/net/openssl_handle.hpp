#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace bctrl::emulator {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* handle) const noexcept {
        Free(handle);
    }
};

template <class T, auto Free>
using openssl_handle = std::unique_ptr<T, freed_by<Free>>;

using bio_handle = openssl_handle<BIO, BIO_free_all>;
using bio_method_handle = openssl_handle<BIO_METHOD, BIO_meth_free>;
using key_handle = openssl_handle<EVP_PKEY, EVP_PKEY_free>;
using x509_handle = openssl_handle<X509, X509_free>;
using extension_handle = openssl_handle<X509_EXTENSION, X509_EXTENSION_free>;
using ssl_context_handle = openssl_handle<SSL_CTX, SSL_CTX_free>;
using ssl_handle = openssl_handle<SSL, SSL_free>;

/// Takes the oldest error of this thread out of OpenSSL's queue; "unknown error" if there is none.
std::string take_openssl_error();

/// @throws std::runtime_error naming `action` and OpenSSL's error
[[noreturn]] void throw_openssl_error(std::string const& action);

} // namespace bctrl::emulator
