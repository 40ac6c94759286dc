#include "codec/http_date.hpp"

#include "model/text_cursor.hpp"

#include <array>

namespace bctrl::codec {
namespace {

using model::text_cursor;

constexpr std::array<std::string_view, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> long_days{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <std::size_t Count>
std::optional<unsigned> read_name(text_cursor& text,
                                  std::array<std::string_view, Count> const& names) noexcept {
    for (unsigned i = 0; i < Count; ++i)
        if (text.literal(names[i])) return i + 1;
    return std::nullopt;
}

std::optional<std::chrono::seconds> read_time_of_day(text_cursor& text) noexcept {
    auto const hour = text.number(2);
    if (!hour || *hour > 23 || !text.literal(":")) return std::nullopt;
    auto const minute = text.number(2);
    if (!minute || *minute > 59 || !text.literal(":")) return std::nullopt;
    auto const second = text.number(2);
    if (!second || *second > 60) return std::nullopt;
    return std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
           std::chrono::seconds{*second};
}

std::optional<std::chrono::sys_seconds> join(int year, unsigned month, int day,
                                             std::chrono::seconds time) noexcept {
    std::chrono::year_month_day const date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date} + time;
}

/// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<std::chrono::sys_seconds> read_imf_fixdate(text_cursor text) noexcept {
    if (!read_name(text, days) || !text.literal(", ")) return std::nullopt;
    auto const day = text.number(2);
    if (!day || !text.literal(" ")) return std::nullopt;
    auto const month = read_name(text, months);
    if (!month || !text.literal(" ")) return std::nullopt;
    auto const year = text.number(4);
    if (!year || !text.literal(" ")) return std::nullopt;
    auto const time = read_time_of_day(text);
    if (!time || !text.literal(" GMT") || !text.at_end()) return std::nullopt;
    return join(*year, *month, *day, *time);
}

int full_year(int last_two_digits, std::chrono::sys_seconds now) noexcept {
    std::chrono::year_month_day const today{std::chrono::floor<std::chrono::days>(now)};
    int const this_year = static_cast<int>(today.year());
    int const year = this_year - this_year % 100 + last_two_digits;
    if (year > this_year + 50) return year - 100;
    return year <= this_year - 50 ? year + 100 : year;
}

/// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<std::chrono::sys_seconds> read_rfc850(text_cursor text,
                                                    std::chrono::sys_seconds now) noexcept {
    if (!read_name(text, long_days) || !text.literal(", ")) return std::nullopt;
    auto const day = text.number(2);
    if (!day || !text.literal("-")) return std::nullopt;
    auto const month = read_name(text, months);
    if (!month || !text.literal("-")) return std::nullopt;
    auto const year = text.number(2);
    if (!year || !text.literal(" ")) return std::nullopt;
    auto const time = read_time_of_day(text);
    if (!time || !text.literal(" GMT") || !text.at_end()) return std::nullopt;
    return join(full_year(*year, now), *month, *day, *time);
}

/// "Sun Nov  6 08:49:37 1994"
std::optional<std::chrono::sys_seconds> read_asctime(text_cursor text) noexcept {
    if (!read_name(text, days) || !text.literal(" ")) return std::nullopt;
    auto const month = read_name(text, months);
    if (!month || !text.literal(" ")) return std::nullopt;
    auto const day = text.literal(" ") ? text.number(1) : text.number(2);
    if (!day || !text.literal(" ")) return std::nullopt;
    auto const time = read_time_of_day(text);
    if (!time || !text.literal(" ")) return std::nullopt;
    auto const year = text.number(4);
    if (!year || !text.at_end()) return std::nullopt;
    return join(*year, *month, *day, *time);
}

} // namespace

std::optional<std::chrono::sys_seconds> read_http_date(std::string_view text,
                                                       std::chrono::sys_seconds now) noexcept {
    text_cursor const whole{text};
    if (auto const date = read_imf_fixdate(whole)) return date;
    if (auto const date = read_rfc850(whole, now)) return date;
    return read_asctime(whole);
}

} // namespace bctrl::codec
