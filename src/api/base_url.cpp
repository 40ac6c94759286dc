#include "api/base_url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>

namespace bctrl {

namespace {

bool eat(std::string_view& text, std::string_view lead) {
    if (!text.starts_with(lead)) return false;
    text.remove_prefix(lead.size());
    return true;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    auto const first = text.find_first_not_of(space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string lower(std::string_view text) {
    std::string low{text};
    for (auto& c : low)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return low;
}

bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~"}.find(c) != std::string_view::npos;
}

bool is_path_character(char c) noexcept {
    return is_unreserved(c) ||
           std::string_view{"!$&'()*+,;=:@%/"}.find(c) != std::string_view::npos;
}

/// Asio takes what stands behind an address for the name of a zone, whatever it is; a zone means nothing
/// to the server (RFC 6874, section 4).
bool is_address(std::string const& host) {
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != std::string::npos) return false;
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address;
}

/// Splits off the host; an IPv6 literal stands in brackets (RFC 3986, section 3.2.2).
std::optional<std::string> take_host(std::string_view& authority) {
    if (eat(authority, "[")) {
        auto const end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        std::string host{authority.substr(0, end)};
        authority.remove_prefix(end + 1);
        // A zone is a name of this machine's (RFC 4007): no certificate and no Host header has one.
        if (!is_address(host) || host.find('%') != std::string::npos) return std::nullopt;
        return lower(host);
    }
    auto const host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(host.size());
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_unreserved)) return std::nullopt;
    return lower(host);
}

std::optional<unsigned short> take_port(std::string_view authority, bool secure) {
    if (authority.empty()) return secure ? 443 : 80;
    if (!eat(authority, ":")) return std::nullopt;
    unsigned short port = 0;
    auto const* const end = authority.data() + authority.size();
    auto const [stopped, fault] = std::from_chars(authority.data(), end, port);
    if (fault != std::errc{} || stopped != end || port == 0) return std::nullopt;
    return port;
}

} // namespace

std::string base_url::authority() const {
    // Appended, not added: g++ 12 warns of the sum of a literal and a string at -O3 (PR 105329).
    auto const bracketed = host.find(':') != std::string::npos;
    std::string text{bracketed ? "[" : ""};
    text += host;
    if (bracketed) text += ']';
    if (port == (secure ? 443 : 80)) return text;
    text += ':';
    text += std::to_string(port);
    return text;
}

std::string base_url::origin() const {
    return (secure ? "https://" : "http://") + authority();
}

bool base_url::is_loopback() const {
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    return not_an_address ? host == "localhost" : address.is_loopback();
}

std::optional<base_url> parse_base_url(std::string_view text) {
    text = trimmed(text);
    auto const scheme = lower(text.substr(0, text.find("://")));
    if (scheme != "https" && scheme != "http") return std::nullopt;
    text.remove_prefix(scheme.size());
    if (!eat(text, "://")) return std::nullopt;

    base_url url;
    url.secure = scheme == "https";
    auto authority = text.substr(0, text.find('/'));
    auto path = text.substr(authority.size());
    auto host = take_host(authority);
    auto const port = take_port(authority, url.secure);
    if (!host || !port) return std::nullopt;
    if (!std::all_of(path.begin(), path.end(), is_path_character)) return std::nullopt;

    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (path.ends_with("/v1")) path.remove_suffix(3);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    url.host = std::move(*host);
    url.port = *port;
    url.prefix = path;
    return url;
}

} // namespace bctrl
