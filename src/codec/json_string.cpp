#include "codec/json_string.hpp"

#include "codec/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace bctrl::codec {
namespace {

constexpr bool needs_escape(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    constexpr std::string_view hex = "0123456789abcdef";
    auto const byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += hex[byte >> 4];
    out += hex[byte & 0x0F];
}

/// The value of `\uXXXX` at the front of `text`.
std::optional<unsigned> escaped_unit(std::string_view text) noexcept {
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
    unsigned value = 0;
    for (char const c : text.substr(2, 4)) {
        unsigned digit = 0;
        if (c >= '0' && c <= '9') {
            digit = static_cast<unsigned>(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            digit = static_cast<unsigned>((c | 0x20) - 'a') + 10;
        } else {
            return std::nullopt;
        }
        value = value * 16 + digit;
    }
    return value;
}

constexpr bool is_surrogate(unsigned unit) noexcept {
    return unit >= 0xD800 && unit <= 0xDFFF;
}
constexpr bool is_leading(unsigned unit) noexcept {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
constexpr bool is_trailing(unsigned unit) noexcept {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// How long the escape at the front of `text` is, with its second half if it is a pair.
struct escape {
    std::size_t length;
    bool lone_surrogate;
};

escape classify_escape(std::string_view text) noexcept {
    auto const unit = escaped_unit(text);
    if (!unit) return {2, false};
    if (!is_surrogate(*unit)) return {6, false};
    auto const next = escaped_unit(text.substr(6));
    if (is_leading(*unit) && next && is_trailing(*next)) return {12, false};
    return {6, true};
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t plain_from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!needs_escape(text[i])) continue;
        out.append(text, plain_from, i - plain_from);
        append_escaped(out, text[i]);
        plain_from = i + 1;
    }
    out.append(text, plain_from);
    out += '"';
}

void append_repaired_json_string(std::string& out, std::string_view text) {
    auto const valid = utf8_prefix(text);
    if (valid == text.size()) return append_json_string(out, text);

    std::string repaired{text.substr(0, valid)};
    for (auto rest = text.substr(valid); !rest.empty();) {
        auto const length = utf8_length(rest);
        repaired += length == 0 ? replacement_character : rest.substr(0, length);
        rest.remove_prefix(length == 0 ? 1 : length);
    }
    append_json_string(out, repaired);
}

std::string without_lone_surrogates(std::string_view json) {
    std::string mended;
    mended.reserve(json.size());
    while (true) {
        auto const backslash = json.find('\\');
        mended += json.substr(0, backslash);
        if (backslash == std::string_view::npos) return mended;
        json.remove_prefix(backslash);
        auto const found = classify_escape(json);
        mended += found.lone_surrogate ? std::string_view{"\\ufffd"} : json.substr(0, found.length);
        json.remove_prefix(std::min(found.length, json.size()));
    }
}

} // namespace bctrl::codec
