#include "api/proxy_configuration.hpp"

#include "api/no_proxy.hpp"
#include "base/wipe.hpp"
#include "codec/base64.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bctrl {

namespace {

/// The user and the password of a URL, one behind the other, wiped at the end.
struct credentials {
    credentials() = default;
    credentials(credentials const&) = delete;
    credentials& operator=(credentials const&) = delete;
    ~credentials() { wipe(text); }

    std::string text;
};

failure unusable(std::string message) {
    return {errc::invalid_configuration, "the URL of the proxy " + std::move(message)};
}

std::string lower(std::string_view text) {
    std::string low{text};
    std::transform(low.begin(), low.end(), low.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return low;
}

int hexadecimal(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    auto const small = static_cast<char>(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Appends `text` with its percent-encoding undone; false if that is broken, or gives a character
/// that no credentials may have (RFC 7617, section 2).
bool append_decoded(std::string& to, std::string_view text) {
    for (std::size_t n = 0; n < text.size(); ++n) {
        auto decoded = text[n];
        if (decoded == '%') {
            if (text.size() - n < 3) return false;
            auto const high = hexadecimal(text[n + 1]);
            auto const low = hexadecimal(text[n + 2]);
            if (high < 0 || low < 0) return false;
            decoded = static_cast<char>(high * 16 + low);
            n += 2;
        }
        if (static_cast<unsigned char>(decoded) < ' ' || decoded == '\x7f') return false;
        to += decoded;
    }
    return true;
}

/// What a proxy is shown for `user:password`; nothing if it cannot be.
std::optional<api_key> basic_authorization(std::string_view user_info) {
    auto const colon = std::min(user_info.find(':'), user_info.size());
    credentials decoded;
    // In one piece, here and below: memory given back while it grows would keep the password.
    decoded.text.reserve(user_info.size() + 1);
    if (!append_decoded(decoded.text, user_info.substr(0, colon))) return std::nullopt;
    if (decoded.text.find(':') != std::string::npos) return std::nullopt;
    decoded.text += ':';
    if (colon < user_info.size() && !append_decoded(decoded.text, user_info.substr(colon + 1)))
        return std::nullopt;
    credentials shown;
    constexpr std::string_view scheme = "Basic ";
    shown.text.reserve(scheme.size() + codec::base64_size(decoded.text.size()));
    shown.text.append(scheme);
    codec::append_base64(shown.text, decoded.text);
    return api_key{std::move(shown.text)};
}

/// Splits the scheme off; http if there is none, as curl has it.
std::string take_scheme(std::string_view& url) {
    constexpr std::string_view separator = "://";
    auto const end = url.find(separator);
    if (end == std::string_view::npos) return "http";
    auto scheme = lower(url.substr(0, end));
    url.remove_prefix(end + separator.size());
    return scheme;
}

} // namespace

bool uses_proxy(client_config const& config, base_url const& to) {
    return to.secure && !config.proxy.empty() && config.unix_socket.empty() &&
           !needs_no_proxy(config.no_proxy, to.host, to.port);
}

outcome<tunnel::proxy_settings, failure> parse_proxy_url(proxy_url const& url) {
    std::string_view rest{url.reveal()};
    auto const scheme = take_scheme(rest);
    if (scheme == "https") return unusable("begins with https; TLS to a proxy is not supported");
    if (scheme != "http") return unusable("does not begin with http; no other kind is supported");

    tunnel::proxy_settings proxy;
    // A password may hold an "@" that somebody forgot to encode; a host cannot.
    auto const authority = rest.substr(0, rest.find('/'));
    auto const at = authority.rfind('@');
    if (at != std::string_view::npos) {
        auto shown = basic_authorization(authority.substr(0, at));
        if (!shown) return unusable("holds a user or a password that no proxy can be shown");
        proxy.authorization = std::move(*shown);
        rest.remove_prefix(at + 1);
    }
    auto const where = parse_base_url("http://" + std::string{rest});
    if (!where || !where->prefix.empty())
        return unusable("is not one of a host, with nothing behind its port");
    proxy.host = where->host;
    proxy.port = where->port;
    return proxy;
}

} // namespace bctrl
