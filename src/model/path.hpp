#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bctrl {
class commands_query;
}

/// The paths of the API. An id is any text: it becomes exactly one segment of the path, whatever it
/// holds. Every function returns nothing for an empty id, which no path can name.
namespace bctrl::model {

std::optional<std::string> operation_path(std::string_view id);
std::optional<std::string> operation_wait_path(std::string_view id);
std::optional<std::string> operation_cancel_path(std::string_view id);

std::optional<std::string> invocation_path(std::string_view id);
std::optional<std::string> invocation_wait_path(std::string_view id);
std::optional<std::string> invocation_cancel_path(std::string_view id);

/// The path and, behind `?`, those parts of `query` that are set. Several values repeat their key.
std::optional<std::string> run_commands_path(std::string_view run_id, commands_query const& query);

/// `text` as one segment of a path (RFC 3986, section 3.3): all but unreserved characters are
/// encoded, and so are the dots of "." and "..", which would otherwise mean another path.
std::string encode_segment(std::string_view text);

/// `text` as the key or the value of a query: all but unreserved characters are encoded.
std::string encode_query_part(std::string_view text);

} // namespace bctrl::model
