#pragma once

#include "base/outcome.hpp"

#include <bctrl/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

/// JSON text <-> model. Both directions walk the same description of each type (describe_*.hpp).
namespace bctrl::codec {

struct decode_limits {
    /// Levels of objects and arrays inside one another; free JSON counts. The parser underneath
    /// takes some 200 bytes of stack for each level.
    std::size_t depth = 512;
};

struct decode_error {
    errc kind = errc::malformed_json; ///< or errc::unexpected_document
    std::string path;                 ///< as in `$.result.steps[1].error.code`
    std::string message;              ///< as in "is missing"
};

/// Reads `text`, which must hold one JSON document and nothing else but white space.
///
/// Nothing is built on the way: events of the parser go straight into the members of the result.
/// A known member that appears twice is refused: the first and the last one would be different
/// documents, and which of them counts differs from reader to reader. Inside of free JSON and among
/// the members that have no name here nothing is looked at, so twins are kept as sent. A lone
/// UTF-16 surrogate (`"\ud83d"`, which JavaScript writes when it cuts a text in the middle of a
/// character) has no UTF-8 form and reads as U+FFFD.
///
/// Exists for operation, operation_wait_result, invocation, invocation_wait_result, command_page,
/// wait_request, invocation_request, error_body, open_object and std::string.
template <class T>
outcome<T, decode_error> decode(std::string_view text, decode_limits limits = {});

/// Writes compact JSON: the known members in the order of the description, then the others. Bytes
/// of a text that are not UTF-8 become U+FFFD, so that the result always is JSON.
template <class T>
std::string encode(T const& value);

} // namespace bctrl::codec
