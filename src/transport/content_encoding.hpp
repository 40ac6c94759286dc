#pragma once

#include "transport/message.hpp"

#include <cstddef>
#include <string_view>

namespace bctrl {

/// What every request offers to take as the encoding of its answer (RFC 9110, section 12.5.3).
inline constexpr std::string_view accepted_encodings = "gzip";

/// Undoes the encoding of a complete answer's body (gzip, x-gzip, identity), and drops the headers
/// that speak of the encoded one: Content-Encoding, Content-Length. Keeps nothing between calls, so
/// that a call that is waited for holds no decoder.
///
/// An answer without a body is left as it is, and so is a part of one (206): it cannot be decoded
/// without the others.
/// @param most  how many bytes the decoded body may have; nothing is decoded beyond
/// @returns nothing, or `body_too_large`, `malformed_response`, `out_of_memory`; then the body is
/// still as it came
outcome<void, failure> decode_body(wire_response& answer, std::size_t most);

} // namespace bctrl
