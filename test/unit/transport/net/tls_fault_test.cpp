// What people are told when TLS fails: what it was, and what to do.

#include "tls_fixture.hpp"

#include "support/temporary_path.hpp"
#include "transport/net/certificate_check.hpp"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>
#include <fstream>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;
using emulator::certificate;
using emulator::certificate_authority;
using emulator::certificate_request;
using test::trusted;
using ::testing::HasSubstr;
using testing::tls_peer;

class tls_fault : public test::tls_wires {
protected:
    /// What a client says of a server that shows `shown`.
    failure refusal_of(certificate const& shown, std::string const& host = "localhost") {
        tls_peer server{shown};
        return refusal(*plain(server), host);
    }
    failure refusal_of_raw(std::string_view first_bytes) {
        auto const wire = plain(peer);
        auto const ended = bench.start(handshake(wire->client(), **context, "localhost", stop));
        wire->say_raw(first_bytes);
        wire->deliver();
        wire->cut();
        bench.settle();
        EXPECT_TRUE(*ended && !**ended);
        return *ended ? std::move(**ended).error() : failure{};
    }
    static std::string alert(char level, int which) {
        return {'\x15', '\x03', '\x03', '\0', '\x02', level, static_cast<char>(which)};
    }
};

TEST_F(tls_fault, tells_which_names_a_certificate_has) {
    certificate_request other;
    other.alternative_names = {"DNS:one.example", "DNS:*.two.example", "IP:10.0.0.1",
                               "IP:2001:db8::1", "email:not@a.host"};
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        auto const why = refusal_of(trusted().issue(other), host);
        EXPECT_EQ(why.code, errc::certificate_rejected);
        EXPECT_THAT(why.message,
                    HasSubstr("it is for one.example, *.two.example, 10.0.0.1, 2001:db8::1, not "
                              "for \"" +
                              std::string{host} + "\""));
    }
    other.alternative_names = {"DNS:127.0.0.1"};
    EXPECT_EQ(refusal_of(trusted().issue(other), "127.0.0.1").code, errc::certificate_rejected);
    other.alternative_names.clear();
    other.common_name = "nobody";
    EXPECT_THAT(refusal_of(trusted().issue(other)).message, HasSubstr("it is for no host, not"));
}

TEST_F(tls_fault, cuts_and_cleans_the_names_of_a_certificate) {
    certificate_request many;
    many.alternative_names.clear();
    for (int n = 0; n < 20; ++n)
        many.alternative_names.push_back("DNS:host" + std::to_string(n) + ".example");
    EXPECT_THAT(refusal_of(trusted().issue(many)).message,
                HasSubstr("host7.example and 12 more, not for"));
    many.alternative_names = {"DNS:" + std::string(500, 'n')};
    EXPECT_LT(refusal_of(trusted().issue(many)).message.size(), 300U);
    many.alternative_names = {"DNS:evil\x1b[31m\"name"};
    EXPECT_THAT(refusal_of(trusted().issue(many)).message, HasSubstr("it is for evil?[31m?name,"));
}

TEST_F(tls_fault, tells_when_a_certificate_is_valid) {
    certificate_request expired;
    expired.valid_from = -48h;
    expired.valid_until = -24h;
    auto const late = refusal_of(trusted().issue(expired));
    EXPECT_EQ(late.code, errc::certificate_rejected);
    EXPECT_THAT(late.message, HasSubstr("certificate has expired: that of \"localhost\" was valid "
                                        "until 20"));
    EXPECT_THAT(late.message, HasSubstr(" UTC"));
    certificate_request early;
    early.valid_from = 24h;
    auto const soon = refusal_of(trusted().issue(early));
    EXPECT_EQ(soon.code, errc::certificate_rejected);
    EXPECT_THAT(soon.message, HasSubstr("not yet valid: that of \"localhost\" is valid from 20"));
    EXPECT_THAT(soon.message, HasSubstr("is this machine's clock right?"));
}

TEST_F(tls_fault, tells_who_is_not_trusted) {
    certificate_authority const foreign{"Foreign CA"};
    auto const why = refusal_of(foreign.issue());
    EXPECT_EQ(why.code, errc::certificate_rejected);
    EXPECT_THAT(why.message, HasSubstr("its issuer \"Foreign CA\" is not trusted here"));
    EXPECT_THAT(why.message, HasSubstr("set client_config::ca_file"));
}

std::string text_in(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// A certificate that nobody has signed but its own key.
certificate self_signed() {
    std::unique_ptr<EVP_PKEY, openssl_delete> const key{EVP_EC_gen("P-256")};
    std::unique_ptr<X509, openssl_delete> const own{X509_new()};
    X509_set_version(own.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(own.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(own.get()), 3'600);
    X509_set_pubkey(own.get(), key.get());
    auto* const name = X509_get_subject_name(own.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(own.get(), name);
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const names{
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost"),
        &X509_EXTENSION_free};
    X509_add_ext(own.get(), names.get(), -1);
    X509_sign(own.get(), key.get(), EVP_sha256());
    std::unique_ptr<BIO, openssl_delete> const chain{BIO_new(BIO_s_mem())};
    std::unique_ptr<BIO, openssl_delete> const secret{BIO_new(BIO_s_mem())};
    PEM_write_bio_X509(chain.get(), own.get());
    PEM_write_bio_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {text_in(chain.get()), text_in(secret.get())};
}

TEST_F(tls_fault, tells_how_to_trust_a_certificate_that_signed_itself) {
    auto const shown = self_signed();
    auto const why = refusal_of(shown);
    EXPECT_EQ(why.code, errc::certificate_rejected);
    EXPECT_THAT(why.message, HasSubstr("self-signed certificate: if it is the right one, set "
                                       "client_config::ca_file to a copy of it"));
    bctrl::test::temporary_path const copy{".pem"};
    std::ofstream{copy.path()} << shown.chain;
    context = tls_context::make({copy.string()});
    tls_peer server{shown};
    EXPECT_TRUE(shake(*plain(server))) << "the advice is good";
}

TEST_F(tls_fault, has_words_for_what_is_wrong_with_certificates) {
    std::unique_ptr<X509, openssl_delete> const shown{X509_new()};
    struct row {
        int error;
        char const* words;
    };
    for (auto const& [error, words] :
         {row{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "set client_config::ca_file to a copy"},
          row{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "is not trusted here"},
          row{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "somebody without a name"},
          row{X509_V_ERR_INVALID_PURPOSE, "it is not for servers"},
          row{X509_V_ERR_CERT_HAS_EXPIRED, "an unreadable time"},
          row{X509_V_ERR_EE_KEY_TOO_SMALL, "key too weak"}})
        EXPECT_THAT(certificate_fault(error, shown.get(), "h"), HasSubstr(words));
    EXPECT_EQ(certificate_fault(X509_V_ERR_CERT_HAS_EXPIRED, nullptr, "h"),
              "certificate has expired");
}

TEST_F(tls_fault, tells_of_a_server_that_speaks_old_versions_only) {
    SSL_CTX_set_min_proto_version(peer.context(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(peer.context(), TLS1_1_VERSION);
    SSL_CTX_set_security_level(peer.context(), 0);
    auto const why = refusal(*plain(peer));
    EXPECT_EQ(why.code, errc::tls_failed);
    EXPECT_THAT(why.message, HasSubstr("the server speaks no TLS from version 1.2 on"));
}

TEST_F(tls_fault, tells_of_a_server_without_a_common_cipher) {
    speak(TLS1_2_VERSION);
    // For certificates with RSA keys, which the server has not.
    SSL_CTX_set_cipher_list(peer.context(), "ECDHE-RSA-AES128-GCM-SHA256");
    auto const why = refusal(*plain(peer));
    EXPECT_EQ(why.code, errc::tls_failed);
    EXPECT_THAT(why.message, HasSubstr("\"handshake failure\" (40): the server shares no cipher"));
}

TEST_F(tls_fault, tells_of_a_port_without_tls) {
    auto const why = refusal_of_raw("HTTP/1.1 400 Bad Request\r\n\r\n");
    EXPECT_EQ(why.code, errc::tls_failed);
    EXPECT_THAT(why.message, HasSubstr("wrong version number: what came is not TLS; is the port "
                                       "one for plain http"));
}

TEST_F(tls_fault, names_the_alert_of_the_server) {
    struct row {
        int alert;
        errc code;
        char const* words;
    };
    for (auto const& each :
         {row{10, errc::tls_failed, "(10)"},
          row{40, errc::tls_failed, "\"handshake failure\" (40): the server shares no cipher"},
          row{70, errc::tls_failed, "(70): the server speaks no TLS from version 1.2 on"},
          row{71, errc::tls_failed, "(71): the server wants stronger ciphers"},
          row{80, errc::tls_failed, "\"internal error\" (80)"},
          row{112, errc::tls_failed, "(112): the server does not serve this host name"},
          row{120, errc::tls_failed, "(120): the server does not speak HTTP/1.1"},
          row{42, errc::client_certificate_refused, "\"bad certificate\" (42): the server wants"},
          row{45, errc::client_certificate_refused, "(45): the server wants another client"},
          row{48, errc::client_certificate_refused, "\"unknown CA\" (48): the server wants"},
          row{116, errc::client_certificate_refused, "set client_config::client_certificate_file"},
          row{77, errc::tls_failed, "(77)"}}) {
        auto const why = refusal_of_raw(alert(2, each.alert));
        EXPECT_EQ(why.code, each.code) << each.alert;
        EXPECT_THAT(why.message, HasSubstr(each.words));
        EXPECT_THAT(why.message, HasSubstr("the TLS handshake with \"localhost\" failed: "));
        EXPECT_EQ(why.cause.category(), tls_category());
    }
}

TEST_F(tls_fault, tells_of_a_protocol_that_was_not_offered) {
    SSL_CTX_set_alpn_select_cb(
        peer.context(),
        [](SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const*, unsigned,
           void*) {
            *chosen = reinterpret_cast<unsigned char const*>("h2");
            *size = 2;
            return SSL_TLSEXT_ERR_OK;
        },
        nullptr);
    auto const why = refusal(*plain(peer));
    EXPECT_EQ(why.code, errc::tls_failed);
    EXPECT_THAT(why.message, HasSubstr("by ALPN"));
    // Not every OpenSSL looks by itself.
    EXPECT_FALSE((*context)->may_agree_to("h2"));
    EXPECT_TRUE((*context)->may_agree_to("http/1.1"));
    EXPECT_TRUE((*context)->may_agree_to(""));
}

TEST_F(tls_fault, is_none_without_an_error) {
    EXPECT_FALSE(take_tls_error());
    EXPECT_EQ(take_tls_error().message(), "no further reason is known");
    ERR_raise(ERR_LIB_SYS, ECONNRESET);
    EXPECT_THAT(take_tls_error().message(), HasSubstr("reset"));
    ERR_raise(ERR_LIB_USER, 77);
    EXPECT_THAT(take_tls_error().message(), HasSubstr("of OpenSSL"));
}

TEST_F(tls_fault, is_of_the_certificate_even_if_nothing_more_was_noted) {
    ERR_raise(ERR_LIB_SSL, SSL_R_CERTIFICATE_VERIFY_FAILED);
    EXPECT_EQ(tls_failure("", take_tls_error()).code, errc::certificate_rejected);
}

/// What the server does with the protocols that it is offered.
int prefer_h2(SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const* offered,
              unsigned offered_size, void*) {
    static constexpr std::array<unsigned char, 12> ours{2,   'h', '2', 8,   'h', 't',
                                                        't', 'p', '/', '1', '.', '1'};
    unsigned char* match = nullptr;
    auto const found =
        SSL_select_next_proto(&match, size, ours.data(), ours.size(), offered, offered_size);
    *chosen = match;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

TEST_F(tls_fault, is_none_when_a_protocol_was_agreed_on_or_the_server_knows_no_alpn) {
    auto const agreed = [this](std::vector<std::string> protocols) {
        context = tls_context::make({.ca_file = ca.path(), .protocols = std::move(protocols)});
        auto const wire = plain(peer);
        EXPECT_TRUE(shake(*wire));
        return std::string{wire->client().negotiated_protocol()};
    };
    EXPECT_EQ(agreed({"http/1.1"}), "");
    SSL_CTX_set_alpn_select_cb(peer.context(), prefer_h2, nullptr);
    EXPECT_EQ(agreed({"http/1.1"}), "http/1.1");
    EXPECT_EQ(agreed({"h2", "http/1.1"}), "h2");
    context = tls_context::make({.ca_file = ca.path(), .protocols = {"h3"}});
    EXPECT_THAT(refusal(*plain(peer)).message, HasSubstr("(120)"));
}

} // namespace
} // namespace bctrl::net
