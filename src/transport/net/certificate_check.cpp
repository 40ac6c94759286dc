#include "transport/net/certificate_check.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

namespace bctrl::net {

namespace {

/// Certificates come from anywhere: what they say is cut, and made readable.
constexpr std::size_t longest_text = 100;
/// Shows that there was more: a part of a key is known by it.
constexpr auto* ellipsis = "\xE2\x80\xA6";
constexpr std::size_t most_names = 8;

std::string readable(ASN1_STRING const* text) {
    auto const* const data = reinterpret_cast<char const*>(ASN1_STRING_get0_data(text));
    std::string shown{data, static_cast<std::size_t>(ASN1_STRING_length(text))};
    std::replace_if(
        shown.begin(), shown.end(), [](char c) { return c < ' ' || c > '~' || c == '"'; }, '?');
    if (shown.size() > longest_text) shown.replace(longest_text, shown.npos, ellipsis);
    return shown;
}

std::string address_text(ASN1_OCTET_STRING const* bytes) {
    namespace ip = boost::asio::ip;
    auto const* const data = ASN1_STRING_get0_data(bytes);
    ip::address_v4::bytes_type v4;
    ip::address_v6::bytes_type v6;
    if (ASN1_STRING_length(bytes) == static_cast<int>(v4.size())) {
        std::copy_n(data, v4.size(), v4.begin());
        return ip::address_v4{v4}.to_string();
    }
    if (ASN1_STRING_length(bytes) == static_cast<int>(v6.size())) {
        std::copy_n(data, v6.size(), v6.begin());
        return ip::address_v6{v6}.to_string();
    }
    return {};
}

std::string name_text(GENERAL_NAME const* name) {
    if (name->type == GEN_DNS) return readable(name->d.dNSName);
    if (name->type == GEN_IPADD) return address_text(name->d.iPAddress);
    return {};
}

/// The hosts that a certificate is for (RFC 5280, section 4.2.1.6).
std::string names_of(X509* shown) {
    struct free_names {
        void operator()(GENERAL_NAMES* p) const noexcept { GENERAL_NAMES_free(p); }
    };
    std::unique_ptr<GENERAL_NAMES, free_names> const names{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(shown, NID_subject_alt_name, nullptr, nullptr))};
    std::string list;
    std::size_t hosts = 0;
    for (int n = 0; names && n < sk_GENERAL_NAME_num(names.get()); ++n) {
        auto const text = name_text(sk_GENERAL_NAME_value(names.get(), n));
        if (text.empty() || ++hosts > most_names) continue;
        list.append(list.empty() ? "" : ", ").append(text);
    }
    if (hosts > most_names) list += " and " + std::to_string(hosts - most_names) + " more";
    return list.empty() ? "no host" : list;
}

std::string common_name(X509_NAME const* of) {
    auto const at = X509_NAME_get_index_by_NID(of, NID_commonName, -1);
    if (at < 0) return "somebody without a name";
    return "\"" + readable(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(of, at))) + "\"";
}

std::string time_text(ASN1_TIME const* time) {
    std::tm parts{};
    std::array<char, 32> text{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "an unreadable time";
    auto const size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
    return {text.data(), size};
}

std::string explained(int error, X509* shown, std::string const& host) {
    switch (error) {
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "it is for " + names_of(shown) + ", not for \"" + host + "\"";
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "that of " + common_name(X509_get_subject_name(shown)) + " was valid until " +
                   time_text(X509_get0_notAfter(shown));
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return "that of " + common_name(X509_get_subject_name(shown)) + " is valid from " +
                   time_text(X509_get0_notBefore(shown)) + "; is this machine's clock right?";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            return "if it is the right one, set client_config::ca_file to a copy of it";
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "its issuer " + common_name(X509_get_issuer_name(shown)) +
                   " is not trusted here; if it should be, set client_config::ca_file to its "
                   "certificate";
        case X509_V_ERR_INVALID_PURPOSE:
            return "it is not for servers";
        default:
            return {};
    }
}

} // namespace

std::string certificate_fault(int error, X509* shown, std::string const& host) {
    std::string text = X509_verify_cert_error_string(error);
    auto const more = shown ? explained(error, shown, host) : std::string{};
    return more.empty() ? text : text + ": " + more;
}

certificate_check::certificate_check(SSL* session, std::string const& host)
    : session_{session}, host_{host} {
    SSL_set_app_data(session_, this);
}

certificate_check::~certificate_check() {
    SSL_set_app_data(session_, nullptr);
}

int certificate_check::verify_callback(int accepted, X509_STORE_CTX* at) noexcept {
    if (accepted == 1) return accepted;
    auto* const session =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(at, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const check = static_cast<certificate_check*>(SSL_get_app_data(session));
    if (!check) return accepted;
    auto const error = X509_STORE_CTX_get_error(at);
    try {
        check->fault_ = certificate_fault(error, X509_STORE_CTX_get_current_cert(at), check->host_);
    } catch (std::bad_alloc const&) {
        // The verdict stands without its reasons.
    }
    return accepted;
}

} // namespace bctrl::net
