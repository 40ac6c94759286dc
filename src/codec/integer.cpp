#include "codec/integer.hpp"

#include "model/text_cursor.hpp"

#include <limits>

namespace bctrl::codec {
namespace {

/// Beyond this no exponent matters: no body holds enough digits to bring the value back.
constexpr std::int64_t far_exponent = std::int64_t{1} << 40;

std::int64_t read_exponent(std::string_view digits, bool negative) noexcept {
    std::int64_t value = 0;
    for (char const c : digits) {
        value = value * 10 + (c - '0');
        if (value > far_exponent) break;
    }
    return negative ? -value : value;
}

/// Collects digits as a negative number, because that side reaches one further.
class negative_magnitude {
public:
    bool append(int digit) noexcept {
        constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
        if (value_ < lowest / 10) return false;
        auto const shifted = value_ * 10;
        if (shifted < lowest + digit) return false;
        value_ = shifted - digit;
        return true;
    }

    std::optional<std::int64_t> with_sign(bool negative) const noexcept {
        if (negative) return value_;
        if (value_ == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
        return -value_;
    }

private:
    std::int64_t value_ = 0;
};

bool all_zero(std::string_view digits) noexcept {
    return digits.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

std::optional<std::int64_t> exact_integer(std::string_view number) noexcept {
    model::text_cursor text{number};
    bool const negative = text.literal("-");
    auto const whole = text.digits();
    auto const fraction = text.literal(".") ? text.digits() : std::string_view{};
    if (all_zero(whole) && all_zero(fraction)) return 0;
    std::int64_t exponent = 0;
    if (text.one_of("eE")) {
        auto const sign = text.one_of("+-");
        exponent = read_exponent(text.digits(), sign == '-');
    }

    // The digits of whole and fraction in one row; `places` of them stand before the point.
    auto const digit_count = static_cast<std::int64_t>(whole.size() + fraction.size());
    auto const places = static_cast<std::int64_t>(whole.size()) + exponent;
    negative_magnitude value;
    for (std::int64_t i = 0; i < digit_count; ++i) {
        auto const at = static_cast<std::size_t>(i);
        int const digit = (at < whole.size() ? whole[at] : fraction[at - whole.size()]) - '0';
        bool const behind_point = i >= places;
        if (behind_point ? digit != 0 : !value.append(digit)) return std::nullopt;
    }
    for (std::int64_t i = digit_count; i < places; ++i)
        if (!value.append(0)) return std::nullopt;
    return value.with_sign(negative);
}

} // namespace bctrl::codec
