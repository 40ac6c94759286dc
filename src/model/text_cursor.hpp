#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace bctrl::model {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads fixed pieces off the front of a text, without locale and without allocation. After the
/// first piece that is not there everything fails, so that a format reads as one chain of
/// conditions.
class text_cursor {
public:
    explicit constexpr text_cursor(std::string_view text) noexcept : rest_{text} {}

    constexpr std::string_view rest() const noexcept { return rest_; }
    constexpr bool at_end() const noexcept { return rest_.empty(); }

    /// Takes exactly `count` digits.
    constexpr std::optional<int> number(std::size_t count) noexcept {
        if (rest_.size() < count) return std::nullopt;
        int value = 0;
        for (char const c : rest_.substr(0, count)) {
            if (!is_digit(c)) return std::nullopt;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(count);
        return value;
    }

    /// Takes one character of `choices`.
    constexpr std::optional<char> one_of(std::string_view choices) noexcept {
        if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos)
            return std::nullopt;
        char const taken = rest_.front();
        rest_.remove_prefix(1);
        return taken;
    }

    /// Takes `text`.
    constexpr bool literal(std::string_view text) noexcept {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }

    /// Takes all digits that follow; there may be none.
    constexpr std::string_view digits() noexcept {
        std::size_t count = 0;
        while (count < rest_.size() && is_digit(rest_[count]))
            ++count;
        auto const taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

private:
    std::string_view rest_;
};

} // namespace bctrl::model
