#include "codec/readable_text.hpp"

#include "codec/utf8.hpp"

#include <algorithm>

namespace bctrl::codec {
namespace {

constexpr std::size_t longest_title = 120;

/// Pages announce themselves early; comments and processing instructions may come before.
constexpr std::size_t html_head = 4096;

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view wanted) {
    auto const found =
        std::search(text.begin(), text.end(), wanted.begin(), wanted.end(),
                    [](char left, char right) { return lower(left) == lower(right); });
    if (found == text.end()) return std::string_view::npos;
    return static_cast<std::size_t>(found - text.begin());
}

/// C0, DEL and, in their two bytes of UTF-8, C1; the line separators that some terminals and log
/// readers follow; and the marks that turn the direction of writing around.
bool is_control(std::string_view character) noexcept {
    if (character.size() == 1) {
        auto const byte = static_cast<unsigned char>(character[0]);
        return byte <= 0x20 || byte == 0x7F;
    }
    if (character.size() == 2)
        return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
    if (character.size() != 3 || character[0] != '\xE2') return false;
    auto const second = static_cast<unsigned char>(character[1]);
    auto const third = static_cast<unsigned char>(character[2]);
    if (second == 0x80) return third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE);
    return second == 0x81 && third >= 0xA6 && third <= 0xA9;
}

/// Visible and ASCII, as nearly every text that comes here: nothing is to be mended.
bool is_plain(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// The text behind the first `opening`, a tag without its end.
std::string text_behind(std::string_view opening, std::string_view page) {
    auto const tag = find_ignoring_case(page, opening);
    if (tag == std::string_view::npos) return {};
    auto const begin = page.find('>', tag);
    if (begin == std::string_view::npos) return {};
    auto const rest = page.substr(begin + 1);
    return readable_text(rest.substr(0, rest.find('<')), longest_title);
}

} // namespace

std::string readable_text(std::string_view text, std::size_t longest) {
    if (text.size() <= longest && is_plain(text)) return std::string{text};
    std::string out;
    bool space_due = false;
    while (!text.empty()) {
        auto const length = utf8_length(text);
        auto const taken = text.substr(0, std::max<std::size_t>(length, 1));
        text.remove_prefix(taken.size());
        if (is_control(taken)) {
            space_due = !out.empty();
            continue;
        }
        auto const shown = length == 0 ? replacement_character : taken;
        if (out.size() + shown.size() + (space_due ? 1 : 0) > longest) return out + "\xE2\x80\xA6";
        if (space_due) out += ' ';
        out += shown;
        space_due = false;
    }
    return out;
}

std::optional<std::string> describe_html(std::string_view text) {
    auto const head = text.substr(0, html_head);
    auto const first = head.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string_view::npos || head[first] != '<') return std::nullopt;
    bool const is_html = find_ignoring_case(head, "<!doctype html") != std::string_view::npos ||
                         find_ignoring_case(head, "<html") != std::string_view::npos;
    if (!is_html) return std::nullopt;
    auto title = text_behind("<title", head);
    // The pages of some proxies, haproxy among them, have a heading only.
    if (title.empty()) title = text_behind("<h1", head);
    if (title.empty()) return "an HTML page";
    return "an HTML page titled \"" + title + '"';
}

} // namespace bctrl::codec
