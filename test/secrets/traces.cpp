#include "secrets/traces.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>

namespace bctrl::test {

namespace {

/// So much of the key must not be seen anywhere.
constexpr std::size_t telling = 8;

std::string in_case(std::string_view text, int (*convert)(int)) {
    std::string made;
    for (unsigned char const c : text)
        made += static_cast<char>(convert(c));
    return made;
}

std::string spelled(std::string_view text, char const* form) {
    std::string made;
    for (unsigned char const c : text) {
        char piece[16];
        std::snprintf(piece, sizeof piece, form, c);
        made += piece;
    }
    return made;
}

std::string base64(std::string_view text) {
    std::string made((text.size() + 2) / 3 * 4 + 1, '\0');
    auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(made.data()),
                                      reinterpret_cast<unsigned char const*>(text.data()),
                                      static_cast<int>(text.size()));
    made.resize(static_cast<std::size_t>(size));
    return made;
}

int digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    auto const at = digits.find(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return at == digits.npos ? -1 : static_cast<int>(at);
}

/// Replaces `lead` with two digits behind it by the character that they name.
std::string decoded(std::string_view text, std::string_view lead) {
    std::string plain;
    while (!text.empty()) {
        auto const size = lead.size() + 2;
        auto const coded = text.starts_with(lead) && text.size() >= size &&
                           digit(text[size - 2]) >= 0 && digit(text[size - 1]) >= 0;
        plain += coded ? static_cast<char>(digit(text[size - 2]) * 16 + digit(text[size - 1]))
                       : text.front();
        text.remove_prefix(coded ? size : 1);
    }
    return plain;
}

/// A piece of `key` that stands in `text`.
std::string part_in(std::string_view text, std::string_view key) {
    for (std::size_t at = 0; at + telling <= key.size(); ++at)
        if (text.find(key.substr(at, telling)) != text.npos)
            return std::string{key.substr(at, telling)};
    return {};
}

} // namespace

std::vector<std::string> echoes_of(std::string_view key) {
    std::string const plain{key};
    return {plain,
            "Bearer " + plain,
            in_case(key, &std::toupper),
            in_case(key, &std::tolower),
            spelled(key, "%%%02X"),
            spelled(key, "%%25%02x"),
            plain.substr(0, 6) + spelled(key.substr(6), "%%%02x"),
            spelled(key, "\\u00%02x"),
            spelled(key, "\\\\u00%02X"),
            base64(key),
            base64("Bearer " + plain),
            base64("user:" + plain),
            base64("key=" + plain + "&x=1")};
}

std::string trace_of(std::string_view key, std::string_view text) {
    for (std::string const lead : {"", "x", "xx"}) {
        // What depends on the neighbours says nothing.
        auto const whole = base64(lead + std::string{key});
        auto const found = part_in(text, std::string_view{whole}.substr(4, whole.size() - 8));
        if (!found.empty()) return found;
    }
    auto const low = in_case(key, &std::tolower);
    auto plain = in_case(text, &std::tolower);
    for (int layer = 0; layer < 4; ++layer) {
        if (auto found = part_in(plain, low); !found.empty()) return found;
        std::string fewer;
        std::unique_copy(plain.begin(), plain.end(), std::back_inserter(fewer),
                         [](char a, char b) { return a == '\\' && b == '\\'; });
        plain = in_case(decoded(decoded(fewer, "%"), "\\u00"), &std::tolower);
    }
    return {};
}

} // namespace bctrl::test
