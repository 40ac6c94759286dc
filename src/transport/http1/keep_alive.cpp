#include "transport/http1/keep_alive.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <system_error>

namespace bctrl::http1 {

namespace {

/// Longer is as good as for ever.
constexpr std::uint64_t longest_timeout =
    std::chrono::seconds{std::chrono::hours{24 * 365}}.count();

std::string_view trimmed(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// A number in digits alone, perhaps quoted; the greatest there is if it is greater than that.
std::optional<std::uint64_t> read_number(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end != text.data() + text.size() || error == std::errc::invalid_argument)
        return std::nullopt;
    return error == std::errc{} ? number : ~std::uint64_t{0};
}

template <class T>
void lower(std::optional<T>& value, T to) noexcept {
    value = std::min(value.value_or(to), to);
}

void read_parameter(std::string_view text, keep_alive_hint& into) noexcept {
    auto const equals = text.find('=');
    if (equals == std::string_view::npos) return;
    auto const name = trimmed(text.substr(0, equals));
    auto const number = read_number(trimmed(text.substr(equals + 1)));
    if (!number) return;
    if (boost::beast::iequals(name, "timeout"))
        lower(into.timeout, milliseconds{std::chrono::seconds{std::min(*number, longest_timeout)}});
    if (boost::beast::iequals(name, "max")) lower(into.requests, *number);
}

} // namespace

keep_alive_hint read_keep_alive(wire_response const& answer) {
    keep_alive_hint found;
    for (auto const& [name, value] : answer.headers) {
        if (!boost::beast::iequals(name, "keep-alive")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto const comma = std::min(rest.find(','), rest.size());
            read_parameter(rest.substr(0, comma), found);
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    return found;
}

} // namespace bctrl::http1
