#include <bctrl/emulator/certificate.hpp>

#include "emulator/net/openssl_handle.hpp"
#include "emulator/net/tls_context.hpp"

#include <openssl/pem.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bctrl::emulator {
namespace {

using store_handle = openssl_handle<X509_STORE, X509_STORE_free>;
using verification_handle = openssl_handle<X509_STORE_CTX, X509_STORE_CTX_free>;

x509_handle read(std::string const& pem) {
    bio_handle const bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    return x509_handle{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
}

/// What OpenSSL says of a certificate as a client that trusts one CA and wants one host.
int verify(certificate const& given, certificate_authority const& trusted, char const* host) {
    auto const ca = read(trusted.certificate_pem());
    auto const leaf = read(given.chain);
    store_handle const trust{X509_STORE_new()};
    X509_STORE_add_cert(trust.get(), ca.get());
    verification_handle const verification{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(verification.get(), trust.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_default(verification.get(), "ssl_server");
    auto* const wanted = X509_STORE_CTX_get0_param(verification.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host) != 1)
        X509_VERIFY_PARAM_set1_host(wanted, host, 0);
    ERR_clear_error();
    X509_verify_cert(verification.get());
    return X509_STORE_CTX_get_error(verification.get());
}

TEST(certificates, are_good_for_this_machine) {
    certificate_authority const authority;
    auto const made = authority.issue();
    for (auto const* host : {"localhost", "127.0.0.1", "::1"})
        EXPECT_EQ(verify(made, authority, host), X509_V_OK) << host;
    EXPECT_NE(authority.issue().chain, made.chain);
}

TEST(certificates, can_be_wrong_in_every_way) {
    certificate_authority const authority, stranger;
    EXPECT_EQ(
        verify(authority.issue({.alternative_names = {"DNS:example.com"}}), authority, "localhost"),
        X509_V_ERR_HOSTNAME_MISMATCH);
    EXPECT_EQ(
        verify(authority.issue({.alternative_names = {"IP:10.0.0.1"}}), authority, "127.0.0.1"),
        X509_V_ERR_IP_ADDRESS_MISMATCH);
    EXPECT_EQ(
        verify(authority.issue({.valid_until = std::chrono::seconds{-60}}), authority, "localhost"),
        X509_V_ERR_CERT_HAS_EXPIRED);
    EXPECT_EQ(
        verify(authority.issue({.valid_from = std::chrono::hours{1}}), authority, "localhost"),
        X509_V_ERR_CERT_NOT_YET_VALID);
    EXPECT_EQ(verify(authority.issue({.use = certificate_request::purpose::client}), authority,
                     "localhost"),
              X509_V_ERR_INVALID_PURPOSE);
    EXPECT_NE(verify(stranger.issue(), authority, "localhost"), X509_V_OK);
    EXPECT_THROW(authority.issue({.alternative_names = {"IP:nonsense"}}), std::runtime_error);
}

TEST(certificates, must_fit_their_key) {
    certificate_authority const authority;
    auto const one = authority.issue(), other = authority.issue();
    EXPECT_NE(make_tls_context(one, http_versions::both), nullptr);
    EXPECT_THROW(make_tls_context({.chain = one.chain, .private_key = other.private_key},
                                  http_versions::both),
                 std::runtime_error);
    EXPECT_THROW(
        make_tls_context({.chain = "", .private_key = one.private_key}, http_versions::both),
        std::runtime_error);
    EXPECT_THROW(make_tls_context({.chain = one.chain, .private_key = ""}, http_versions::both),
                 std::runtime_error);
}

TEST(certificates, are_written_and_read) {
    certificate_authority const authority;
    auto const file = std::filesystem::path{testing::TempDir()} / "bctrl-emulator-ca.pem";
    authority.write_ca(file);
    std::ifstream in{file};
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>{in}, {}), authority.certificate_pem());
    EXPECT_EQ(read_certificate(file, file).chain, authority.certificate_pem());
    std::filesystem::remove(file);
    EXPECT_THROW(read_certificate(file, file), std::runtime_error);
    EXPECT_THROW(authority.write_ca(file / "below" / "a-file"), std::runtime_error);
}

} // namespace
} // namespace bctrl::emulator
