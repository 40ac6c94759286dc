#include "api/no_proxy.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

namespace bctrl {

namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

std::optional<ip::address> address_of(std::string_view text) {
    error_code not_an_address;
    auto const found = ip::make_address(text, not_an_address);
    if (not_an_address) return std::nullopt;
    return found;
}

std::optional<unsigned short> number_of(std::string_view text) {
    unsigned short number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

/// One word of the list, its port taken off.
struct entry {
    std::string_view host;
    std::optional<unsigned short> port;
};

entry take_apart(std::string_view word) {
    if (word.starts_with('[')) {
        auto const end = std::min(word.find(']'), word.size());
        auto const host = word.substr(1, end - 1);
        if (end + 2 < word.size() && word[end + 1] == ':')
            return {host, number_of(word.substr(end + 2))};
        return {host, std::nullopt};
    }
    auto const colon = word.find(':');
    // More than one colon is an IPv6 address, which has no port without brackets.
    if (colon == std::string_view::npos || word.find(':', colon + 1) != std::string_view::npos)
        return {word, std::nullopt};
    auto const port = number_of(word.substr(colon + 1));
    return {port ? word.substr(0, colon) : word, port};
}

bool in_network(ip::address const& host, std::string_view network) {
    error_code no_network;
    if (host.is_v4()) {
        auto const v4 = ip::make_network_v4(std::string{network}, no_network);
        return !no_network &&
               ip::make_network_v4(host.to_v4(), v4.prefix_length()).canonical() == v4.canonical();
    }
    auto const v6 = ip::make_network_v6(std::string{network}, no_network);
    return !no_network &&
           ip::make_network_v6(host.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

bool is_address_named(ip::address const& host, std::string_view name) {
    if (name.find('/') != std::string_view::npos) return in_network(host, name);
    return address_of(name) == host;
}

bool same_letter(char a, char b) noexcept {
    return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b | 0x20) : b);
}

/// Whether `host` is `domain` or below it.
bool is_in_domain(std::string_view host, std::string_view domain) {
    if (domain.starts_with("*.")) domain.remove_prefix(1);
    if (domain.starts_with('.')) domain.remove_prefix(1);
    if (domain.ends_with('.')) domain.remove_suffix(1);
    if (host.ends_with('.')) host.remove_suffix(1);
    if (domain.empty() || host.size() < domain.size()) return false;
    auto const front = host.size() - domain.size();
    if (front > 0 && host[front - 1] != '.') return false;
    return std::equal(domain.begin(), domain.end(),
                      host.begin() + static_cast<std::ptrdiff_t>(front),
                      [](char in_list, char in_host) { return same_letter(in_host, in_list); });
}

} // namespace

bool needs_no_proxy(std::string_view list, std::string const& host, unsigned short port) {
    constexpr std::string_view separators = ", \t\r\n";
    auto const literal = address_of(host);
    while (true) {
        list.remove_prefix(std::min(list.find_first_not_of(separators), list.size()));
        if (list.empty()) return false;
        auto const word = list.substr(0, list.find_first_of(separators));
        list.remove_prefix(word.size());
        if (word == "*") return true;
        auto const [name, only_port] = take_apart(word);
        if (only_port && *only_port != port) continue;
        if (literal ? is_address_named(*literal, name) : is_in_domain(host, name)) return true;
    }
}

} // namespace bctrl
