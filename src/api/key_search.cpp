#include "api/key_search.hpp"

#include "base/wipe.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace bctrl {

namespace {

constexpr std::string_view ellipsis = "\xE2\x80\xA6";

/// A key that was cut off is hidden if this much of it was left.
constexpr std::size_t telling_beginning = 8;

/// The longest form of one character that a cut may have gone through.
constexpr std::size_t longest_fragment = 8;

/// The longest form of one character that was encoded several times over.
constexpr std::size_t longest_encoding = 16;

/// How much of a Base64 text makes it the key's: six bytes of it.
constexpr std::size_t telling_base64 = piece_search::piece_size;

/// How much of it is looked for: what follows is seldom there alone.
constexpr std::size_t looked_for = 2 * telling_base64;

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr int digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    auto const low = lower(c);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// Two hexadecimal digits at the front of `text`.
std::optional<char> byte_at(std::string_view text) noexcept {
    if (text.size() < 2 || digit(text[0]) < 0 || digit(text[1]) < 0) return std::nullopt;
    return static_cast<char>(digit(text[0]) * 16 + digit(text[1]));
}

bool same(char a, char b) noexcept {
    return lower(a) == lower(b);
}

/// `%6b`, `%256b`, and so on.
std::size_t percent_encoded(std::string_view text, char c) noexcept {
    for (std::size_t at = 1; at < longest_encoding; at += 2) {
        auto const byte = byte_at(text.substr(std::min(at, text.size())));
        if (!byte) return 0;
        if (same(*byte, c)) return at + 2;
        if (*byte != '%') return 0;
    }
    return 0;
}

/// `\u006b`, `\\u006b`, `\"`, and so on.
std::size_t escaped(std::string_view text, char c) noexcept {
    auto const slashes = std::min(text.find_first_not_of('\\'), text.size());
    auto const behind = text.substr(slashes);
    if (behind.starts_with("u00")) {
        auto const byte = byte_at(behind.substr(3));
        if (byte && same(*byte, c)) return slashes + 5;
    }
    if (c == '\\') return std::min<std::size_t>(slashes, 2);
    auto const escapes_itself = (c == '"' || c == '/') && behind.starts_with(c);
    return escapes_itself ? slashes + 1 : 0;
}

/// How many bytes at the front of `text` stand for `c`; 0 if it stands there in no form.
std::size_t spelled(std::string_view text, char c) noexcept {
    if (text.empty()) return 0;
    std::size_t longer = 0;
    if (text.front() == '%') longer = percent_encoded(text, c);
    if (text.front() == '\\') longer = escaped(text.substr(0, longest_encoding), c);
    if (longer > 0) return longer;
    return same(text.front(), c) ? 1 : 0;
}

/// Where `text` was cut, if all that stands in front of the cut is a part of one encoded character.
std::optional<std::size_t> cut_in(std::string_view text) noexcept {
    auto const cut = text.substr(0, longest_fragment + ellipsis.size()).find(ellipsis);
    if (cut == std::string_view::npos) return std::nullopt;
    auto const fragment = text.substr(0, cut);
    auto const is_one = fragment.empty() || fragment.front() == '%' || fragment.front() == '\\';
    if (!is_one ||
        fragment.find_first_not_of("%\\u0123456789abcdefABCDEF") != std::string_view::npos)
        return std::nullopt;
    return cut;
}

constexpr std::string_view common =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view for_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// In either alphabet, and with what percent-encoding makes of it.
bool is_base64(char c) noexcept {
    return common.find(c) != std::string_view::npos || c == '-' || c == '_' || c == '=' || c == '%';
}

/// What Base64 makes of `text` wherever it stands `shift` bytes behind a multiple of three, but for what
/// depends on its neighbours.
std::string base64_of(std::string_view text, std::size_t shift, std::string_view alphabet) {
    auto const bit = [&](std::size_t place) {
        auto const byte = static_cast<unsigned char>(text[place / 8]);
        return (byte >> (7 - place % 8)) & 1;
    };
    std::string made;
    made.reserve(text.size() * 4 / 3 + 1);
    auto const skipped = (6 - shift * 8 % 6) % 6;
    for (auto place = skipped; place + 6 <= text.size() * 8; place += 6) {
        unsigned value = 0;
        for (std::size_t i = 0; i < 6; ++i)
            value = value * 2 + static_cast<unsigned>(bit(place + i));
        made += alphabet[value];
    }
    return made;
}

std::array<bool, 256> beginnings_of(std::string_view key) noexcept {
    std::array<bool, 256> found{};
    found['%'] = found['\\'] = true;
    if (key.empty()) return found;
    for (char const c : {lower(key.front()), upper(key.front())})
        found[static_cast<unsigned char>(c)] = true;
    return found;
}

std::vector<std::string_view> pieces_of(std::span<std::string const> texts) {
    std::vector<std::string_view> pieces;
    for (std::string_view const whole : texts)
        for (std::size_t at = 0; at < looked_for && at + telling_base64 <= whole.size();
             at += telling_base64)
            pieces.push_back(whole.substr(at, telling_base64));
    return pieces;
}

std::optional<key_search::piece> earlier(std::optional<key_search::piece> a,
                                         std::optional<key_search::piece> b) noexcept {
    if (!a || !b) return a ? a : b;
    return a->begin <= b->begin ? a : b;
}

} // namespace

key_search::key_search(std::string_view key)
    : key_{key},
      beginnings_{beginnings_of(key)},
      base64_{base64_of(key, 0, common),   base64_of(key, 1, common),
              base64_of(key, 2, common),   base64_of(key, 0, for_urls),
              base64_of(key, 1, for_urls), base64_of(key, 2, for_urls)},
      pieces_of_base64_{pieces_of(base64_)} {}

key_search::~key_search() {
    for (auto& each : base64_)
        wipe(each);
}

std::optional<key_search::piece> key_search::find(std::string_view text,
                                                  std::size_t from) const noexcept {
    if (key_.empty()) return std::nullopt;
    return earlier(find_spelled(text, from), find_base64(text, from));
}

std::optional<key_search::piece> key_search::find_spelled(std::string_view text,
                                                          std::size_t from) const noexcept {
    for (auto at = from; at < text.size(); ++at) {
        if (!beginnings_[static_cast<unsigned char>(text[at])]) continue;
        if (auto const size = spelled_at(text.substr(at)); size > 0) return piece{at, size};
    }
    return std::nullopt;
}

/// How much of the front of `text` is the key, or its beginning in front of a cut.
std::size_t key_search::spelled_at(std::string_view text) const noexcept {
    auto const plain = text.substr(0, key_.size());
    if (std::equal(plain.begin(), plain.end(), key_.begin(), key_.end(), &same))
        return plain.size();
    auto rest = text;
    for (std::size_t n = 0; n < key_.size(); ++n) {
        auto const size = spelled(rest, key_[n]);
        if (size == 0) {
            auto const end = cut_in(rest);
            return n >= telling_beginning && end ? text.size() - rest.size() + *end : 0;
        }
        rest.remove_prefix(size);
    }
    return text.size() - rest.size();
}

std::optional<key_search::piece> key_search::find_base64(std::string_view text,
                                                         std::size_t from) const noexcept {
    auto const first = pieces_of_base64_.find(text, from);
    if (first == std::string_view::npos) return std::nullopt;
    auto begin = first;
    while (begin > from && is_base64(text[begin - 1]))
        --begin;
    auto end = first;
    while (end < text.size() && is_base64(text[end]))
        ++end;
    return piece{begin, end - begin};
}

} // namespace bctrl
