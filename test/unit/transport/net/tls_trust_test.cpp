// Whom a client trusts, and how it says that it cannot.

#include "tls_fixture.hpp"

#include "support/temporary_path.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace bctrl::net {
namespace {

using bctrl::test::temporary_path;
using emulator::certificate_authority;
using test::trusted;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::tls_peer;

void write(temporary_path const& to, std::string const& text) {
    std::ofstream{to.path()} << text;
}

/// A variable of the environment for one test.
class variable {
public:
    variable(char const* name, std::string const& value) : name_{name} {
        ::setenv(name, value.c_str(), 1);
    }
    variable(variable const&) = delete;
    variable& operator=(variable const&) = delete;
    ~variable() { ::unsetenv(name_); }

private:
    char const* name_;
};

/// The name that OpenSSL looks for in a folder of certificates.
std::string hashed_name(std::string const& pem) {
    std::unique_ptr<BIO, openssl_delete> const text{
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    std::unique_ptr<X509, openssl_delete> const read{
        PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "%08lx.0", X509_subject_name_hash(read.get()));
    return name.data();
}

class tls_trust : public test::tls_wires {
protected:
    bool trusts(tls_settings const& settings, tls_peer& to) {
        context = tls_context::make(settings);
        EXPECT_TRUE(context) << context.error().message;
        auto const wire = plain(to);
        auto const done = shake(*wire);
        if (!done) {
            EXPECT_EQ(std::move(done).error().code, errc::certificate_rejected);
        }
        return done.has_value();
    }
    std::string complaint(std::string const& ca_text) {
        write(file, ca_text);
        return complaint_about(file.string());
    }
    std::string complaint_about(std::string const& ca_path) {
        auto const made = tls_context::make({ca_path});
        EXPECT_FALSE(made);
        if (made) return {};
        auto const why = outcome{made}.error();
        EXPECT_EQ(why.code, errc::invalid_configuration);
        EXPECT_THAT(why.message, HasSubstr("the CA file \"" + ca_path + "\""));
        EXPECT_EQ(ERR_peek_error(), 0U);
        return why.message;
    }

    std::string const own = trusted().certificate_pem();
    certificate_authority system_authority{"system CA"};
    tls_peer of_system{system_authority.issue()};
    temporary_path file{".pem"};
};

TEST_F(tls_trust, is_for_the_system_or_a_file_or_both) {
    temporary_path const system{".pem"};
    write(system, system_authority.certificate_pem());
    variable const named{"SSL_CERT_FILE", system.string()};
    EXPECT_TRUE(trusts({}, of_system));
    EXPECT_FALSE(trusts({}, peer));
    EXPECT_FALSE(trusts({ca.path()}, of_system));
    EXPECT_TRUE(trusts({ca.path()}, peer));
    EXPECT_TRUE(trusts({.ca_file = ca.path(), .trust_system_too = true}, of_system));
    EXPECT_TRUE(trusts({.ca_file = ca.path(), .trust_system_too = true}, peer));
}

TEST_F(tls_trust, finds_the_folder_of_the_system) {
    temporary_path const folder{".d"};
    std::filesystem::create_directory(folder.path());
    auto const& pem = system_authority.certificate_pem();
    std::ofstream{folder.path() / hashed_name(pem)} << pem;
    variable const named{"SSL_CERT_DIR", folder.string()};
    variable const no_file{"SSL_CERT_FILE", "/nonexistent"};
    EXPECT_TRUE(trusts({}, of_system));
    EXPECT_FALSE(trusts({}, peer));
    EXPECT_TRUE(trusts({.ca_file = ca.path(), .trust_system_too = true}, of_system));
}

TEST_F(tls_trust, takes_all_certificates_of_a_file_and_what_stands_between) {
    auto const other = system_authority.certificate_pem();
    write(file, "# two of them\n\n" + own + "words\n" + other + own + "\n# the end\n");
    EXPECT_TRUE(trusts({file.string()}, peer));
    EXPECT_TRUE(trusts({file.string()}, of_system));
}

TEST_F(tls_trust, says_what_is_wrong_with_a_file) {
    EXPECT_THAT(complaint(""), HasSubstr("it is empty"));
    EXPECT_THAT(complaint("no certificate\n"), HasSubstr("holds no certificate in PEM"));
    auto damaged = own;
    damaged.replace(damaged.size() / 2, 4, "####");
    EXPECT_THAT(complaint(damaged), HasSubstr("certificate 1 in it is damaged"));
    EXPECT_THAT(complaint(own + damaged), HasSubstr("certificate 2 in it is damaged"));
    EXPECT_THAT(complaint(own + own.substr(0, own.size() / 2)), HasSubstr("certificate 2"));
    EXPECT_THAT(complaint(trusted().issue().private_key), HasSubstr("holds no certificate in PEM"));
    EXPECT_THAT(complaint_about("/nonexistent/ca.pem"), HasSubstr("No such file"));
    EXPECT_THAT(complaint_about("/dev/null"), HasSubstr("it is empty"));
    EXPECT_THAT(complaint_about(std::filesystem::temp_directory_path()),
                HasSubstr("Is a directory"));
}

TEST_F(tls_trust, is_for_anybody_only_if_a_test_says_so) {
    tls_settings settings{ca.path()};
    EXPECT_FALSE(trusts(settings, of_system));
    settings.testing_only_accept_any_certificate = true;
    EXPECT_TRUE(trusts(settings, of_system));
    auto const wire = plain(of_system);
    EXPECT_TRUE(shake(*wire, "another.example")) << "whatever the name";
}

class client_identity : public tls_trust {
protected:
    static constexpr auto* secret_line = "MIG";

    std::string complaint(std::string const& certificate, std::string const& key) {
        write(file, certificate);
        write(key_file, key);
        auto const made = tls_context::make({.ca_file = ca.path(),
                                             .client_certificate_file = file.string(),
                                             .client_key_file = key_file.string()});
        EXPECT_FALSE(made);
        if (made) return {};
        auto const why = outcome{made}.error();
        EXPECT_EQ(why.code, errc::invalid_configuration);
        EXPECT_THAT(why.message, Not(HasSubstr(secret_line)));
        EXPECT_EQ(ERR_peek_error(), 0U);
        return why.message;
    }
    /// The key as it looks with a password.
    static std::string encrypted(std::string const& key) {
        std::unique_ptr<BIO, openssl_delete> const from{
            BIO_new_mem_buf(key.data(), static_cast<int>(key.size()))};
        std::unique_ptr<EVP_PKEY, openssl_delete> const read{
            PEM_read_bio_PrivateKey(from.get(), nullptr, nullptr, nullptr)};
        std::unique_ptr<BIO, openssl_delete> const to{BIO_new(BIO_s_mem())};
        std::string password = "password";
        PEM_write_bio_PrivateKey(to.get(), read.get(), EVP_aes_128_cbc(),
                                 reinterpret_cast<unsigned char*>(password.data()),
                                 static_cast<int>(password.size()), nullptr, nullptr);
        char* data = nullptr;
        auto const size = BIO_get_mem_data(to.get(), &data);
        return {data, static_cast<std::size_t>(size)};
    }

    temporary_path key_file{".key"};
    emulator::certificate mine = trusted().issue();
};

TEST_F(client_identity, says_what_is_wrong_with_its_files) {
    auto const other = trusted().issue();
    EXPECT_THAT(complaint("", mine.private_key), HasSubstr("certificate file"));
    EXPECT_THAT(complaint("words", mine.private_key), HasSubstr("no certificate in PEM"));
    EXPECT_THAT(complaint(mine.private_key, mine.private_key), HasSubstr("no certificate in PEM"));
    EXPECT_THAT(complaint(mine.chain, ""), AllOf(HasSubstr("key file"), HasSubstr("empty")));
    EXPECT_THAT(complaint(mine.chain, "words"), HasSubstr("no private key in PEM"));
    EXPECT_THAT(complaint(mine.chain, mine.chain), HasSubstr("no private key in PEM"));
    EXPECT_THAT(complaint(mine.chain, other.private_key), HasSubstr("does not belong to"));
    EXPECT_THAT(complaint(mine.chain, encrypted(mine.private_key)), HasSubstr("has a password"));
    auto damaged = mine.private_key;
    damaged.replace(damaged.size() / 2, 3, "#!#");
    EXPECT_THAT(complaint(mine.chain, damaged), HasSubstr("no private key in PEM"));
}

TEST_F(client_identity, may_stand_in_one_file) {
    write(file, mine.chain + mine.private_key);
    EXPECT_TRUE(tls_context::make(
        {.ca_file = ca.path(), .client_certificate_file = file.string(), .client_key_file = {}}));
    write(file, mine.private_key + mine.chain);
    EXPECT_TRUE(tls_context::make(
        {.ca_file = ca.path(), .client_certificate_file = file.string(), .client_key_file = {}}));
}

} // namespace
} // namespace bctrl::net
