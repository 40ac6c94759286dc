#include "emulator/model/page_cursor.hpp"

#include <charconv>

namespace bctrl::emulator {
namespace {

constexpr std::string_view prefix = "cur_";

template <class Number>
bool read_number(std::string_view& text, Number& number) {
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, 36);
    if (failure != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

bool read_letter(std::string_view& text, char letter) {
    if (text.empty() || text.front() != letter) return false;
    text.remove_prefix(1);
    return true;
}

template <class Number>
std::string in_base_36(Number number) {
    char digits[16];
    auto const end = std::to_chars(digits, digits + sizeof digits, number, 36).ptr;
    return {digits, end};
}

} // namespace

std::string write(page_cursor const& cursor) {
    return std::string{prefix} + in_base_36(cursor.page) + (cursor.descending ? '~' : '_') +
           in_base_36(cursor.after);
}

std::optional<page_cursor> read_cursor(std::string_view text) {
    if (!text.starts_with(prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    page_cursor cursor;
    if (!read_number(text, cursor.page) || cursor.page == 0) return std::nullopt;
    cursor.descending = text.starts_with('~');
    if (!read_letter(text, cursor.descending ? '~' : '_')) return std::nullopt;
    if (!read_number(text, cursor.after) || cursor.after < 0 || !text.empty()) return std::nullopt;
    return cursor;
}

} // namespace bctrl::emulator
