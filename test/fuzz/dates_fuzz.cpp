// Dates of HTTP, `Retry-After`, and the times of documents, judged by the C library's calendar.

#include "codec/http_date.hpp"
#include "codec/retry_after.hpp"
#include "fuzz/fuzz.hpp"
#include "model/rfc3339.hpp"

#include <bctrl/timestamp.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>

namespace bctrl::codec {
namespace {

using fuzz::require;
using std::chrono::milliseconds;
using std::chrono::sys_seconds;

constexpr sys_seconds at(std::int64_t seconds) {
    return sys_seconds{std::chrono::seconds{seconds}};
}

/// The beginning of the epoch, the turn of a century, today, and a day far ahead.
constexpr std::array<sys_seconds, 4> moments{at(0), at(946'684'799), at(1'795'000'000),
                                             at(7'258'118'400)};

std::tm fields_of(int year, int month, int day, int hour, int minute, int second) {
    std::tm made{};
    made.tm_year = year - 1900;
    made.tm_mon = month - 1;
    made.tm_mday = day;
    made.tm_hour = hour;
    made.tm_min = minute;
    made.tm_sec = second;
    return made;
}

std::string written(char const* form, sys_seconds when) {
    auto const seconds = static_cast<std::time_t>(when.time_since_epoch().count());
    std::tm fields{};
    ::gmtime_r(&seconds, &fields);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), form, &fields)};
}

/// A date reads as the C library reads its numbers.
void compare_with_calendar(std::string const& text, sys_seconds read) {
    std::array<char, 4> month{};
    int day = 0;
    int year = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    auto const found = std::sscanf(text.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day,
                                   month.data(), &year, &hour, &minute, &second);
    if (found != 6) return; // another form
    constexpr auto* months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    auto const* const place = std::strstr(months, month.data());
    require(place != nullptr, "a month has a name", text);
    auto fields =
        fields_of(year, static_cast<int>(place - months) / 3 + 1, day, hour, minute, second);
    require(at(::timegm(&fields)) == read, "a date is what the calendar says", text);
}

void look_at_http_date(std::string_view text) {
    for (auto const now : moments) {
        auto const read = read_http_date(text, now);
        if (!read) continue;
        compare_with_calendar(std::string{text}, *read);
        // Four digits of a year are what the C library writes of these.
        auto const four_digits = *read >= at(-30'610'224'000) && *read < at(253'402'300'800);
        require(!four_digits ||
                    read_http_date(written("%a, %d %b %Y %H:%M:%S GMT", *read), now) == read,
                "a date that is written reads as itself", text);
        auto const two_digits = text.size() > 4 && text.find('-') != text.npos;
        auto const distance = std::chrono::abs(*read - now);
        require(!two_digits || distance < std::chrono::years{52}, "a short year is a near one",
                text);
    }
}

void look_at_retry_after(std::string_view text) {
    for (auto const now : moments) {
        auto const pause = read_retry_after(text, now);
        require(read_retry_after(" \t" + std::string{text} + "\t ", now) == pause,
                "blanks around it do not count", text);
        auto const date = read_http_date(text, now);
        if (date)
            require(pause ==
                        std::clamp<milliseconds>(*date - now, milliseconds{0}, longest_retry_after),
                    "a date is a pause until then", text);
        if (!pause) continue;
        require(pause->count() >= 0 && *pause <= longest_retry_after, "a pause is bounded", text);
        auto const only_digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
        if (only_digits && text.size() <= 12)
            require(*pause ==
                        std::min<milliseconds>(std::chrono::seconds{std::stoll(std::string{text})},
                                               longest_retry_after),
                    "seconds are seconds", text);
    }
}

void look_at_timestamp(std::string_view text) {
    auto const read = model::read_rfc3339(text);
    require(timestamp{std::string{text}}.time() == read, "a timestamp is read when it is asked");
    require(timestamp{std::string{text}}.text() == text, "a timestamp keeps its text");
    if (!read) return;
    auto const again = model::write_rfc3339(*read);
    require(model::read_rfc3339(again) == read, "a time that is written reads as itself", again);
    auto const second = std::chrono::floor<std::chrono::seconds>(*read);
    require(again.starts_with(written("%Y-%m-%dT%H:%M:%S.", second)),
            "a time is what the calendar says", again);
}

/// The other way round: eight bytes are a time.
void look_at_time(std::string_view bytes) {
    std::int64_t count = 0;
    if (bytes.size() < sizeof count) return;
    std::memcpy(&count, bytes.data(), sizeof count);
    // The outermost seconds of what nanoseconds can hold are refused.
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() - 2'000'000'000;
    count = std::clamp(count, -most, most);
    model::nanosecond_time const when{std::chrono::nanoseconds{count}};
    require(model::read_rfc3339(model::write_rfc3339(when)) == when,
            "any time survives being written", model::write_rfc3339(when));
}

} // namespace
} // namespace bctrl::codec

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace bctrl::codec;
    auto const text = bctrl::fuzz::as_text(data, size);
    look_at_http_date(text);
    look_at_retry_after(text);
    look_at_timestamp(text);
    look_at_time(text);
    return 0;
}
