#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bctrl::test {

/// A key that no output may hold. Any server can have it: it is sent with every request.
inline constexpr std::string_view canary = "CaNary_5d41402Abc4b2a76~b9719d91";

/// The ways in which servers and gateways repeat a key.
std::vector<std::string> echoes_of(std::string_view key);

/// Where `text` holds a part of the key that tells something, in whatever form; empty if nowhere.
/// Judges by decoding the text, not by looking for what was echoed.
std::string trace_of(std::string_view key, std::string_view text);

} // namespace bctrl::test
