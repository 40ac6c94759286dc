#include "transport/net/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace bctrl::net {

namespace {

unsigned long packed(int value) noexcept {
    return static_cast<unsigned>(value);
}

/// The alert (RFC 8446, section 6) with which the peer ended the session.
std::optional<int> alert_in(unsigned long code) noexcept {
    if (ERR_GET_LIB(code) != ERR_LIB_SSL) return std::nullopt;
    auto const alert = ERR_GET_REASON(code) - SSL_AD_REASON_OFFSET;
    if (alert < 0 || alert > 255) return std::nullopt;
    return alert;
}

struct advice {
    int about; ///< a reason of OpenSSL, or an alert
    std::string_view text;
};

constexpr std::string_view old_version = "the server speaks no TLS from version 1.2 on";
constexpr std::string_view not_tls =
    "what came is not TLS; is the port one for plain http, or is a proxy in between?";
constexpr std::string_view set_certificate =
    "the server demands a client certificate: set client_config::client_certificate_file";
constexpr std::string_view another_certificate =
    "the server wants another client certificate than it was shown: see "
    "client_config::client_certificate_file";

constexpr std::array reasons{
    advice{SSL_R_WRONG_VERSION_NUMBER, not_tls},
    advice{SSL_R_BAD_RECORD_TYPE, not_tls},
    advice{SSL_R_PACKET_LENGTH_TOO_LONG, not_tls},
    advice{SSL_R_UNSUPPORTED_PROTOCOL, old_version},
    advice{SSL_R_WRONG_SSL_VERSION, old_version},
    advice{SSL_R_BAD_EXTENSION,
           "the server chose what was not offered, perhaps a protocol by ALPN"},
    advice{SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "what came was damaged on the way"},
};

constexpr std::array alerts{
    advice{SSL_AD_HANDSHAKE_FAILURE,
           "the server shares no cipher with this client, or demands a client certificate"},
    advice{SSL_AD_INSUFFICIENT_SECURITY, "the server wants stronger ciphers"},
    advice{SSL_AD_PROTOCOL_VERSION, old_version},
    advice{SSL_AD_UNRECOGNIZED_NAME, "the server does not serve this host name"},
    advice{SSL_AD_NO_APPLICATION_PROTOCOL, "the server does not speak HTTP/1.1"},
    advice{SSL_AD_CERTIFICATE_REQUIRED, set_certificate},
    advice{SSL_AD_BAD_CERTIFICATE, another_certificate},
    advice{SSL_AD_UNSUPPORTED_CERTIFICATE, another_certificate},
    advice{SSL_AD_CERTIFICATE_REVOKED, another_certificate},
    advice{SSL_AD_CERTIFICATE_EXPIRED, another_certificate},
    advice{SSL_AD_CERTIFICATE_UNKNOWN, another_certificate},
    advice{SSL_AD_UNKNOWN_CA, another_certificate},
    advice{SSL_AD_ACCESS_DENIED, another_certificate},
};

template <std::size_t Size>
std::string_view advice_on(std::array<advice, Size> const& table, int what) noexcept {
    auto const found = std::find_if(table.begin(), table.end(),
                                    [what](advice const& each) { return each.about == what; });
    return found == table.end() ? std::string_view{} : found->text;
}

std::string with_advice(std::string text, std::string_view more) {
    if (!more.empty()) text.append(": ").append(more);
    return text;
}

std::string alert_text(int alert) {
    return with_advice("the server sent the TLS alert \"" +
                           std::string{SSL_alert_desc_string_long(alert)} + "\" (" +
                           std::to_string(alert) + ")",
                       advice_on(alerts, alert));
}

std::string text_of(unsigned long code) {
    if (code == 0) return "no further reason is known";
    if (auto const alert = alert_in(code)) return alert_text(*alert);
    if (ERR_SYSTEM_ERROR(code))
        return boost::system::system_category().message(ERR_GET_REASON(code));
    auto const* const reason = ERR_reason_error_string(code);
    if (!reason) return "error " + std::to_string(code) + " of OpenSSL";
    auto const of_ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
    return with_advice(reason, of_ssl ? advice_on(reasons, ERR_GET_REASON(code)) : "");
}

class tls_errors final : public boost::system::error_category {
public:
    char const* name() const noexcept override { return "bctrl.tls"; }
    std::string message(int value) const override { return text_of(packed(value)); }
};

/// Alerts that a server sends about what it was shown.
bool is_about_our_certificate(int alert) noexcept {
    auto const text = advice_on(alerts, alert);
    return text == set_certificate || text == another_certificate;
}

bool is_of_ssl(unsigned long code, int reason) noexcept {
    return ERR_GET_LIB(code) == ERR_LIB_SSL && ERR_GET_REASON(code) == reason;
}

errc kind_of(error_code of_tls) noexcept {
    auto const code = packed(of_tls.value());
    if (is_of_ssl(code, SSL_R_CERTIFICATE_VERIFY_FAILED)) return errc::certificate_rejected;
    auto const alert = alert_in(code);
    return alert && is_about_our_certificate(*alert) ? errc::client_certificate_refused
                                                     : errc::tls_failed;
}

} // namespace

boost::system::error_category const& tls_category() noexcept {
    static tls_errors const category;
    return category;
}

error_code take_tls_error() noexcept {
    auto const code = ERR_peek_last_error();
    ERR_clear_error();
    return {static_cast<int>(code), tls_category()};
}

bool is_unannounced_end(error_code of_tls) noexcept {
    return is_of_ssl(packed(of_tls.value()), SSL_R_UNEXPECTED_EOF_WHILE_READING);
}

failure tls_failure(std::string what, error_code of_tls, bool shown_none) {
    auto const alert = alert_in(packed(of_tls.value()));
    // TLS 1.2 has no alert of its own for a certificate that is missing.
    if (shown_none && alert == SSL_AD_HANDSHAKE_FAILURE)
        return failure{errc::client_certificate_refused, what.append(set_certificate), of_tls};
    return failure{kind_of(of_tls), what.append(of_tls.message()), of_tls};
}

} // namespace bctrl::net
