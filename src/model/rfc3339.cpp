#include "model/rfc3339.hpp"

#include "model/text_cursor.hpp"

#include <array>
#include <cstdint>

namespace bctrl::model {
namespace {

using std::chrono::nanoseconds;

std::optional<std::chrono::sys_days> read_date(text_cursor& text) noexcept {
    auto const year = text.number(4);
    if (!year || !text.literal("-")) return std::nullopt;
    auto const month = text.number(2);
    if (!month || !text.literal("-")) return std::nullopt;
    auto const day = text.number(2);
    if (!day) return std::nullopt;

    std::chrono::year_month_day const date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

std::optional<nanoseconds> read_fraction(text_cursor& text) noexcept {
    if (!text.literal(".")) return nanoseconds{0};
    auto const digits = text.digits();
    if (digits.empty()) return std::nullopt;
    std::int64_t value = 0;
    for (std::size_t place = 0; place < 9; ++place)
        value = value * 10 + (place < digits.size() ? digits[place] - '0' : 0);
    return nanoseconds{value};
}

struct time_of_day {
    std::chrono::seconds seconds;
    nanoseconds fraction;
};

std::optional<time_of_day> read_time_of_day(text_cursor& text) noexcept {
    auto const hour = text.number(2);
    if (!hour || *hour > 23 || !text.literal(":")) return std::nullopt;
    auto const minute = text.number(2);
    if (!minute || *minute > 59 || !text.literal(":")) return std::nullopt;
    auto const second = text.number(2);
    if (!second || *second > 60) return std::nullopt;
    auto const fraction = read_fraction(text);
    if (!fraction) return std::nullopt;
    return time_of_day{
        std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second},
        *fraction};
}

std::optional<std::chrono::minutes> read_offset(text_cursor& text) noexcept {
    auto const sign = text.one_of("Zz+-");
    if (!sign) return std::nullopt;
    if (*sign == 'Z' || *sign == 'z') return std::chrono::minutes{0};
    auto const hours = text.number(2);
    if (!hours || *hours > 23 || !text.literal(":")) return std::nullopt;
    auto const minutes = text.number(2);
    if (!minutes || *minutes > 59) return std::nullopt;
    auto const offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
    return *sign == '-' ? -offset : offset;
}

bool fits_nanoseconds(std::chrono::sys_seconds when) noexcept {
    constexpr auto first = std::chrono::floor<std::chrono::seconds>(nanosecond_time::min());
    constexpr auto last = std::chrono::floor<std::chrono::seconds>(nanosecond_time::max());
    return when > first && when < last;
}

void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    std::array<char, 20> digits{};
    for (std::size_t place = width; place-- > 0; value /= 10)
        digits[place] = static_cast<char>('0' + value % 10);
    out.append(digits.data(), width);
}

std::int64_t nanoseconds_of_second(nanosecond_time when) noexcept {
    constexpr std::int64_t second = 1'000'000'000;
    auto const rest = when.time_since_epoch().count() % second;
    return rest < 0 ? rest + second : rest;
}

void append_fraction(std::string& out, std::int64_t nanos) {
    out += '.';
    if (nanos % 1'000'000 == 0) return append_padded(out, nanos / 1'000'000, 3);
    if (nanos % 1'000 == 0) return append_padded(out, nanos / 1'000, 6);
    append_padded(out, nanos, 9);
}

} // namespace

std::optional<nanosecond_time> read_rfc3339(std::string_view input) noexcept {
    text_cursor text{input};
    auto const day = read_date(text);
    if (!day || !text.one_of("Tt ")) return std::nullopt;
    auto const time = read_time_of_day(text);
    if (!time) return std::nullopt;
    auto const offset = read_offset(text);
    if (!offset || !text.at_end()) return std::nullopt;

    std::chrono::sys_seconds const second = *day + time->seconds - *offset;
    if (!fits_nanoseconds(second)) return std::nullopt;
    return nanosecond_time{second} + time->fraction;
}

std::string write_rfc3339(nanosecond_time when) {
    // The first day of what nanoseconds can hold begins before it, so only whole seconds know days.
    auto const second = std::chrono::floor<std::chrono::seconds>(when);
    auto const day = std::chrono::floor<std::chrono::days>(second);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{second - day};

    std::string out;
    append_padded(out, static_cast<int>(date.year()), 4);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 2);
    out += 'T';
    append_padded(out, time.hours().count(), 2);
    out += ':';
    append_padded(out, time.minutes().count(), 2);
    out += ':';
    append_padded(out, time.seconds().count(), 2);
    append_fraction(out, nanoseconds_of_second(when));
    out += 'Z';
    return out;
}

} // namespace bctrl::model
