#pragma once

#include "codec/codec.hpp"
#include "codec/descriptor.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace bctrl::codec {

/// How deep described types may be nested. Checked when compiling, see nesting_of.
inline constexpr std::size_t most_frames = 12;

/// Reads `text` into the object of type `type` at `target`, which must be as constructed by
/// default. After a failure the object holds anything.
std::optional<decode_error> read_document(std::string_view text, type_descriptor const& type,
                                          void* target, decode_limits limits);

} // namespace bctrl::codec
