#pragma once

#include "emulator/service/message.hpp"

#include <string>

namespace bctrl::emulator {

/// A response as HTTP/1.1 writes it. The answer to HEAD has no content but says how long it would
/// be.
std::string to_text(response const& r, bool is_head, bool keep_alive);

} // namespace bctrl::emulator
