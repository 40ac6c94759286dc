#pragma once

#include <cstddef>
#include <string_view>

namespace bctrl::codec {

/// How many bytes the character at the front of `text` has: 1 to 4, or 0 if `text` is empty or does
/// not begin with a character in UTF-8 (RFC 3629: shortest form, no surrogates, up to U+10FFFF).
std::size_t utf8_length(std::string_view text) noexcept;

/// How many bytes at the front of `text` are characters in UTF-8.
std::size_t utf8_prefix(std::string_view text) noexcept;

inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

} // namespace bctrl::codec
