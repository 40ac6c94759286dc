#pragma once

#include <bctrl/error.hpp>

#include <string>
#include <string_view>

namespace bctrl {

/// Takes the key out of the details of an error: gateways repeat what they refuse. Text shorter
/// than `shortest_secret` is left alone, for it stands in every other word.
void conceal(error_details& details, std::string_view key);

/// The same for one text.
void conceal(std::string& text, std::string_view key);

inline constexpr std::size_t shortest_secret = 8;

} // namespace bctrl
