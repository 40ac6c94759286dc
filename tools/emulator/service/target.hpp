#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl::emulator {

/// A request target taken apart. Segments and query are percent-decoded, each for itself, so an
/// encoded slash stays inside its segment.
struct target_parts {
    std::vector<std::string> segments;
    std::vector<std::pair<std::string, std::string>> query;

    std::vector<std::string> all(std::string_view name) const;
    std::optional<std::string> last(std::string_view name) const;
};

/// Nothing if a percent sign is not followed by two hexadecimal digits.
std::optional<target_parts> take_apart(std::string_view target);

/// Nothing if the text is no whole number.
std::optional<std::size_t> read_number(std::string_view text);

} // namespace bctrl::emulator
