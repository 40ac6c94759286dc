#include <bctrl/emulator/certificate.hpp>

#include "emulator/net/openssl_handle.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace bctrl::emulator {
namespace {

void check(bool worked, char const* action) {
    if (!worked) throw_openssl_error(action);
}

key_handle make_key() {
    key_handle key{EVP_EC_gen("P-256")};
    check(key != nullptr, "cannot make a key");
    return key;
}

bio_handle memory() {
    bio_handle bio{BIO_new(BIO_s_mem())};
    check(bio != nullptr, "cannot allocate");
    return bio;
}

std::string text_in(bio_handle const& bio) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    auto const bio = memory();
    check(PEM_write_bio_X509(bio.get(), certificate) == 1, "cannot write a certificate");
    return text_in(bio);
}

std::string pem_of(EVP_PKEY* key) {
    auto const bio = memory();
    auto const done =
        PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    check(done == 1, "cannot write a key");
    return text_in(bio);
}

void set_serial(X509* certificate) {
    std::uint64_t serial = 0;
    check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1,
          "no randomness");
    // One bit less keeps the number positive for readers that take it as signed.
    check(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1,
          "cannot number a certificate");
}

void set_common_name(X509_NAME* name, std::string const& text) {
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    auto const done = X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, bytes,
                                                 static_cast<int>(text.size()), -1, 0);
    check(done == 1, "cannot name a certificate");
}

void add_extension(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    extension_handle const extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
    check(extension != nullptr, "cannot describe a certificate");
    check(X509_add_ext(certificate, extension.get(), -1) == 1, "cannot describe a certificate");
}

/// A certificate that lacks its extensions, its issuer and its signature.
x509_handle begin_certificate(EVP_PKEY* key, certificate_request const& request) {
    x509_handle made{X509_new()};
    check(made != nullptr, "cannot allocate");
    check(X509_set_version(made.get(), X509_VERSION_3) == 1, "cannot make a certificate");
    set_serial(made.get());
    set_common_name(X509_get_subject_name(made.get()), request.common_name);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), request.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), request.valid_until.count());
    check(X509_set_pubkey(made.get(), key) == 1, "cannot make a certificate");
    return made;
}

std::string joined(std::vector<std::string> const& names) {
    std::string list;
    for (auto const& name : names)
        list += (list.empty() ? "" : ",") + name;
    return list;
}

std::string contents_of(std::filesystem::path const& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + file.string()};
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

certificate read_certificate(std::filesystem::path const& chain,
                             std::filesystem::path const& private_key) {
    return {.chain = contents_of(chain), .private_key = contents_of(private_key)};
}

struct certificate_authority::implementation {
    key_handle key;
    x509_handle own;
    std::string pem;
};

certificate_authority::certificate_authority(std::string const& common_name) {
    auto key = make_key();
    certificate_request const request{.common_name = common_name};
    auto own = begin_certificate(key.get(), request);
    check(X509_set_issuer_name(own.get(), X509_get_subject_name(own.get())) == 1,
          "cannot make a CA");
    add_extension(own.get(), own.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(own.get(), own.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(own.get(), own.get(), NID_subject_key_identifier, "hash");
    check(X509_sign(own.get(), key.get(), EVP_sha256()) > 0, "cannot sign a CA");
    auto pem = pem_of(own.get());
    self_ = std::make_unique<implementation>(
        implementation{.key = std::move(key), .own = std::move(own), .pem = std::move(pem)});
}

certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
certificate_authority& certificate_authority::operator=(certificate_authority&&) noexcept = default;
certificate_authority::~certificate_authority() = default;

certificate certificate_authority::issue(certificate_request const& request) const {
    auto const key = make_key();
    auto const made = begin_certificate(key.get(), request);
    auto* const issuer = self_->own.get();
    auto const is_server = request.use == certificate_request::purpose::server;
    check(X509_set_issuer_name(made.get(), X509_get_subject_name(issuer)) == 1,
          "cannot make a certificate");
    add_extension(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), issuer, NID_key_usage, "critical,digitalSignature");
    add_extension(made.get(), issuer, NID_ext_key_usage, is_server ? "serverAuth" : "clientAuth");
    add_extension(made.get(), issuer, NID_subject_key_identifier, "hash");
    add_extension(made.get(), issuer, NID_authority_key_identifier, "keyid:always");
    if (!request.alternative_names.empty()) {
        add_extension(made.get(), issuer, NID_subject_alt_name, joined(request.alternative_names));
    }
    check(X509_sign(made.get(), self_->key.get(), EVP_sha256()) > 0, "cannot sign a certificate");
    return {.chain = pem_of(made.get()), .private_key = pem_of(key.get())};
}

std::string const& certificate_authority::certificate_pem() const noexcept {
    return self_->pem;
}

void certificate_authority::write_ca(std::filesystem::path const& file) const {
    auto part = file;
    part += ".part";
    {
        std::ofstream out{part, std::ios::binary | std::ios::trunc};
        out << self_->pem << std::flush;
        if (!out) throw std::runtime_error{"cannot write " + part.string()};
    }
    std::filesystem::rename(part, file);
}

} // namespace bctrl::emulator
