#include "emulator/model/identifiers.hpp"

#include <cstddef>

namespace bctrl::emulator {
namespace {

std::string hexadecimal(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t i = text.size(); i-- > 0; value >>= 4) {
        text[i] = "0123456789abcdef"[value & 0xf];
    }
    return text;
}

} // namespace

std::string identifiers::uuid() {
    constexpr std::uint64_t version_mask = 0xf000, version_4 = 0x4000;
    constexpr std::uint64_t variant_mask = std::uint64_t{3} << 62, variant = std::uint64_t{2} << 62;
    auto const high = hexadecimal((random_() & ~version_mask) | version_4);
    auto const low = hexadecimal((random_() & ~variant_mask) | variant);
    return high.substr(0, 8) + '-' + high.substr(8, 4) + '-' + high.substr(12) + '-' +
           low.substr(0, 4) + '-' + low.substr(4);
}

std::string identifiers::request_id() {
    return "req_" + hexadecimal(random_());
}

} // namespace bctrl::emulator
