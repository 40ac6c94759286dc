#pragma once

#include <string>
#include <string_view>

namespace bctrl::codec {

/// Appends `text`, which must be UTF-8, as a JSON string: quoted, and escaped no more than JSON
/// demands.
void append_json_string(std::string& out, std::string_view text);

/// The same for text from anywhere: what is not UTF-8 becomes U+FFFD.
void append_repaired_json_string(std::string& out, std::string_view text);

/// `json` with every escaped lone surrogate replaced by `\ufffd`; see `decode`.
std::string without_lone_surrogates(std::string_view json);

} // namespace bctrl::codec
