#include "codec/retry_after.hpp"

#include "codec/http_date.hpp"
#include "model/text_cursor.hpp"

#include <algorithm>
#include <cstdint>

namespace bctrl::codec {
namespace {

using std::chrono::milliseconds;

std::string_view trimmed(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Counts in milliseconds, and stops counting where it no longer matters.
milliseconds read_seconds(std::string_view whole, std::string_view fraction) noexcept {
    std::int64_t value = 0;
    for (char const c : whole) {
        value = value * 10 + (c - '0');
        if (std::chrono::seconds{value} > longest_retry_after) return longest_retry_after;
    }
    for (std::size_t place = 0; place < 3; ++place)
        value = value * 10 + (place < fraction.size() ? fraction[place] - '0' : 0);
    return milliseconds{value};
}

std::optional<milliseconds> read_delay(std::string_view value) noexcept {
    model::text_cursor text{value};
    bool const negative = text.literal("-");
    auto const whole = text.digits();
    if (whole.empty()) return std::nullopt;
    bool const has_point = text.literal(".");
    auto const fraction = text.digits();
    if (!text.at_end() || has_point == fraction.empty()) return std::nullopt;
    return negative ? milliseconds{0} : read_seconds(whole, fraction);
}

} // namespace

std::optional<milliseconds> read_retry_after(std::string_view value,
                                             std::chrono::sys_seconds now) noexcept {
    auto const text = trimmed(value);
    auto delay = read_delay(text);
    if (!delay) {
        auto const date = read_http_date(text, now);
        if (!date) return std::nullopt;
        delay = *date - now;
    }
    return std::clamp(*delay, milliseconds{0}, longest_retry_after);
}

} // namespace bctrl::codec
