#include "codec/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace bctrl::codec {

void append_base64(std::string& to, std::string_view bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    while (!bytes.empty()) {
        auto const size = std::min<std::size_t>(bytes.size(), 3);
        std::uint32_t group = 0;
        for (std::size_t n = 0; n < 3; ++n)
            group = group << 8 | (n < size ? static_cast<unsigned char>(bytes[n]) : 0U);
        for (std::size_t n = 0; n < 4; ++n)
            to += n <= size ? letters[group >> (18 - 6 * n) & 0x3F] : '=';
        bytes.remove_prefix(size);
    }
}

} // namespace bctrl::codec
