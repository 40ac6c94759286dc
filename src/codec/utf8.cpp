#include "codec/utf8.hpp"

namespace bctrl::codec {
namespace {

/// The bounds of the second byte close what the length alone leaves open: overlong forms,
/// surrogates and all beyond U+10FFFF (RFC 3629, section 4).
struct lead_byte {
    std::size_t length;
    unsigned char second_from;
    unsigned char second_to;
};

constexpr lead_byte classify(unsigned char lead) noexcept {
    if (lead < 0x80) return {1, 0, 0};
    if (lead < 0xC2) return {0, 0, 0};
    if (lead < 0xE0) return {2, 0x80, 0xBF};
    if (lead == 0xE0) return {3, 0xA0, 0xBF};
    if (lead == 0xED) return {3, 0x80, 0x9F};
    if (lead < 0xF0) return {3, 0x80, 0xBF};
    if (lead == 0xF0) return {4, 0x90, 0xBF};
    if (lead < 0xF4) return {4, 0x80, 0xBF};
    if (lead == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

} // namespace

std::size_t utf8_length(std::string_view text) noexcept {
    if (text.empty()) return 0;
    auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    auto const lead = classify(byte(0));
    if (lead.length < 2) return lead.length;
    if (text.size() < lead.length) return 0;
    if (byte(1) < lead.second_from || byte(1) > lead.second_to) return 0;
    for (std::size_t i = 2; i < lead.length; ++i)
        if ((byte(i) & 0xC0) != 0x80) return 0;
    return lead.length;
}

std::size_t utf8_prefix(std::string_view text) noexcept {
    std::size_t valid = 0;
    while (valid < text.size()) {
        bool const is_ascii = static_cast<unsigned char>(text[valid]) < 0x80;
        auto const length = is_ascii ? 1 : utf8_length(text.substr(valid));
        if (length == 0) break;
        valid += length;
    }
    return valid;
}

} // namespace bctrl::codec
