#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bctrl::codec {

/// How long so many bytes are in Base64.
constexpr std::size_t base64_size(std::size_t bytes) noexcept {
    return (bytes + 2) / 3 * 4;
}

/// Appends `bytes` in Base64, with padding (RFC 4648, section 4).
void append_base64(std::string& to, std::string_view bytes);

} // namespace bctrl::codec
