#pragma once

#include <string>

namespace bctrl {

/// Overwrites a text that holds a secret, and what was behind its end before it was shortened or moved
/// from; then lets go of its memory.
void wipe(std::string& secret) noexcept;

} // namespace bctrl
