#pragma once

#include "emulator/service/failure.hpp"

#include <cstdint>

namespace bctrl::emulator {

// How large a request may be, whatever the version of HTTP.
inline constexpr std::uint32_t header_limit = 64 * 1024;
inline constexpr std::uint32_t body_limit = 8 * 1024 * 1024;

failure header_too_large();
failure body_too_large();

} // namespace bctrl::emulator
