#pragma once

#include <string>
#include <string_view>

namespace bctrl {

/// The JSON of `value`, compact: what the API would send. Members that are absent are left out,
/// null ones are written as null, and `other_members` follow the known ones.
///
/// Exists for `operation`, `operation_wait_result`, `invocation`, `invocation_wait_result` and
/// `command_page`.
/// @par Thread safety  Safe from any thread.
template <class T>
std::string to_json(T const& value);

/// Reads one JSON document, for the same types as `to_json`. Members that this version does not
/// know are kept. A known member that appears twice is refused, because each reader would see
/// another document.
/// @par Errors  Throws request_error: `errc::malformed_json` if `text` is not one JSON document in
/// UTF-8,
///      `errc::unexpected_document` if a member is missing or of another type, or if it is nested
///      deeper than 512 levels. `details().message` begins with the JSON path, as in
///      `$.result.steps[1].error`.
/// @par Thread safety  Safe from any thread.
template <class T>
T from_json(std::string_view text);

} // namespace bctrl
