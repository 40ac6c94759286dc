#pragma once

#include "codec/descriptor.hpp"

#include <string>

namespace bctrl::codec {

/// Appends the object of type `type` at `value` as compact JSON.
void write_value(std::string& out, type_descriptor const& type, void const* value);

} // namespace bctrl::codec
