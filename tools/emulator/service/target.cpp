#include "emulator/service/target.hpp"

#include <charconv>

namespace bctrl::emulator {
namespace {

std::optional<std::string> decoded(std::string_view text, bool plus_is_space) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_space) {
            result += ' ';
        } else if (text[i] != '%') {
            result += text[i];
        } else {
            unsigned value = 0;
            auto const digits = text.substr(i + 1, 2);
            auto const [end, failure] =
                std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
            auto const all_read = digits.size() == 2 && end == digits.data() + digits.size();
            if (failure != std::errc{} || !all_read) return std::nullopt;
            result += static_cast<char>(value);
            i += 2;
        }
    }
    return result;
}

/// Takes everything up to the delimiter out of `rest`.
std::string_view take_until(std::string_view& rest, char delimiter) {
    auto const end = rest.find(delimiter);
    auto const piece = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return piece;
}

/// RFC 9112, section 3.2.2: servers accept the absolute form as well.
std::string_view without_origin(std::string_view target) {
    auto const scheme = target.find("://");
    if (target.starts_with('/') || scheme == std::string_view::npos) return target;
    auto const path = target.find('/', scheme + 3);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

bool read_query(std::string_view query, target_parts& parts) {
    while (!query.empty()) {
        auto value = take_until(query, '&');
        auto const name = take_until(value, '=');
        auto key = decoded(name, true);
        auto text = decoded(value, true);
        if (!key || !text) return false;
        parts.query.emplace_back(std::move(*key), std::move(*text));
    }
    return true;
}

} // namespace

std::vector<std::string> target_parts::all(std::string_view name) const {
    std::vector<std::string> values;
    for (auto const& [key, value] : query) {
        if (key == name) values.push_back(value);
    }
    return values;
}

std::optional<std::string> target_parts::last(std::string_view name) const {
    auto values = all(name);
    if (values.empty()) return std::nullopt;
    return std::move(values.back());
}

std::optional<target_parts> take_apart(std::string_view target) {
    auto query = without_origin(target);
    auto path = take_until(query, '?');
    if (path.starts_with('/')) path.remove_prefix(1);

    target_parts parts;
    while (!path.empty()) {
        auto segment = decoded(take_until(path, '/'), false);
        if (!segment) return std::nullopt;
        parts.segments.push_back(std::move(*segment));
    }
    if (!read_query(query, parts)) return std::nullopt;
    return parts;
}

std::optional<std::size_t> read_number(std::string_view text) {
    std::size_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stopped, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc{} || stopped != end) return std::nullopt;
    return number;
}

} // namespace bctrl::emulator
