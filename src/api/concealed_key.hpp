#pragma once

#include <bctrl/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace bctrl {

class key_search;

/// What finds the key in texts; null if it is shorter than `shortest_secret`, for such text stands in
/// every other word. Making it takes longer than looking through the details of an error.
/// @param key outlives it
std::shared_ptr<key_search const> traces_of(std::string_view key);

/// Takes the key out of the details of an error: gateways repeat what they refuse.
/// @param traces may be null: then nothing is concealed
void conceal(error_details& details, key_search const* traces);
void conceal(error_details& details, std::string_view key);

/// The same for one text.
void conceal(std::string& text, key_search const* traces);
void conceal(std::string& text, std::string_view key);

inline constexpr std::size_t shortest_secret = 8;

} // namespace bctrl
