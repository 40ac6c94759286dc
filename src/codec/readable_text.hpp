#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::codec {

/// `text` in a form that is safe to print: UTF-8, in one line, without control characters, no
/// longer than `longest` bytes and an ellipsis. Runs of white space become one space.
std::string readable_text(std::string_view text, std::size_t longest);

/// The longest text that an error takes from a header of an answer.
inline constexpr std::size_t longest_header_quote = 200;

/// "an HTML page", with its title or first heading if it has one; nothing if `text` is no HTML.
std::optional<std::string> describe_html(std::string_view text);

} // namespace bctrl::codec
