#include "codec/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bctrl::codec {
namespace {

/// The character in UTF-8 by the bit patterns of RFC 3629, whether it may be written so or not.
std::string pattern(unsigned code, int length) {
    auto const byte = [](unsigned value) {
        return static_cast<char>(static_cast<unsigned char>(value));
    };
    if (length == 1) return {byte(code)};
    std::string out;
    unsigned const lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out += byte(lead[length] | (code >> (6 * (length - 1))));
    for (int i = length - 2; i >= 0; --i)
        out += byte(0x80 | ((code >> (6 * i)) & 0x3F));
    return out;
}

TEST(utf8, knows_every_character) {
    for (unsigned code = 0; code <= 0x1FFFFF; ++code) {
        int const shortest = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        bool const allowed = code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
        for (int length = shortest; length <= 4; ++length) {
            std::size_t const expected =
                allowed && length == shortest ? static_cast<std::size_t>(length) : 0;
            ASSERT_EQ(utf8_length(pattern(code, length) + "x"), expected) << code << ' ' << length;
        }
    }
}

TEST(utf8, refuses_characters_cut_short) {
    for (std::string const whole : {"\xC3\xA4", "\xE8\x8C\xB6", "\xF0\x9F\x98\x80"})
        for (std::size_t length = 1; length < whole.size(); ++length) {
            EXPECT_EQ(utf8_length(whole.substr(0, length)), 0u);
            EXPECT_EQ(utf8_length(whole.substr(0, length) + "xxx"), 0u);
        }
    EXPECT_EQ(utf8_length(""), 0u);
    EXPECT_EQ(utf8_length("\x80"), 0u);
    EXPECT_EQ(utf8_length("\xFF"), 0u);
}

TEST(utf8, finds_the_first_byte_that_is_none) {
    EXPECT_EQ(utf8_prefix(""), 0u);
    EXPECT_EQ(utf8_prefix("abc"), 3u);
    EXPECT_EQ(utf8_prefix("a\xC3\xA4z\xE8\x8C\xB6"), 7u);
    EXPECT_EQ(utf8_prefix("a\xC3\xA4\xC3("), 3u);
    EXPECT_EQ(utf8_prefix("a\xE8\x8C"), 1u);
}

} // namespace
} // namespace bctrl::codec
