// Texts that may repeat the API key. The first line of an input is the key, the rest is a text.

#include "api/concealed_key.hpp"
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <string_view>

namespace bctrl {
namespace {

using fuzz::require;

std::string lower(std::string_view text) {
    std::string low{text};
    for (auto& c : low)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return low;
}

std::string concealed(std::string text, std::string_view key) {
    conceal(text, key);
    return text;
}

std::string spelled(std::string_view text, char const* form) {
    std::string made;
    for (char const c : text) {
        std::array<char, 16> piece{};
        made.append(piece.data(),
                    static_cast<std::size_t>(std::snprintf(piece.data(), piece.size(), form,
                                                           static_cast<unsigned char>(c))));
    }
    return made;
}

std::string base64(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string made;
    for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(3, text.size()))) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 3; ++i)
            value = value * 256 + (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            made += i <= text.size() ? alphabet[(value >> (18 - 6 * i)) & 63] : '=';
    }
    return made;
}

void look_at_text(std::string const& text, std::string_view key) {
    auto const shown = concealed(text, key);
    require(lower(shown).find(lower(key)) == std::string::npos, "the key is gone", shown);
    require(concealed(shown, key) == shown, "what is concealed stays as it is", shown);
}

/// The key between blanks, which it cannot hold: it goes, and what is around it does not change with it.
void look_at_echo(std::string const& echo, std::string const& text, std::string_view key) {
    auto const half = text.size() / 2;
    auto const before = text.substr(0, half);
    auto const behind = text.substr(half);
    auto const shown = concealed(before + " " + echo + " " + behind, key);
    if (shown == "***") return; // what was left made up the key anew
    require(shown == concealed(before, key) + " *** " + concealed(behind, key),
            "of an echo nothing is left", echo + "\n" + shown);
}

void look_at_json(std::string_view text, std::string_view key) {
    auto const document = json_text::from(text);
    if (!document) return;
    error_details details;
    details.details = *document;
    conceal(details, key);
    auto const& left = details.details;
    require(left.empty() || json_text::from(left.text()) == left, "JSON stays JSON", left.text());
    require(lower(left.text()).find(lower(key)) == std::string::npos, "the key is gone",
            left.text());
}

} // namespace
} // namespace bctrl

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace bctrl;
    auto const input = fuzz::as_text(data, size);
    std::string const key{input.substr(0, input.find('\n'))};
    std::string const text{input.substr(std::min(key.size() + 1, input.size()))};
    // Shorter ones are left alone, others no client can have.
    if (key.size() < shortest_secret || !fuzz::is_visible(key)) return 0;
    look_at_text(text, key);
    look_at_json(text, key);
    look_at_echo(key, text, key);
    look_at_echo(spelled(key, "%%%02x"), text, key);
    // A key that looks encoded itself can be meant in several ways.
    if (key.find('%') == key.npos) look_at_echo(spelled(key, "%%25%02X"), text, key);
    look_at_echo(spelled(key, "\\u00%02x"), text, key);
    for (auto const* lead : {"", "x", "xx", "Bearer "}) {
        auto const coded = base64(lead + key);
        look_at_echo(coded, text, key);
    }
    return 0;
}
