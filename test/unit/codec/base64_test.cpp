#include "codec/base64.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace bctrl::codec {
namespace {

TEST(base64, is_that_of_rfc_4648) {
    using example = std::pair<std::string_view, char const*>;
    for (auto const& [bytes, expected] :
         std::initializer_list<example>{{"", ""},
                                        {"f", "Zg=="},
                                        {"fo", "Zm8="},
                                        {"foo", "Zm9v"},
                                        {"foob", "Zm9vYg=="},
                                        {"fooba", "Zm9vYmE="},
                                        {"foobar", "Zm9vYmFy"},
                                        {"Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
                                        {{"\x00\xff\xfe\xfb", 4}, "AP/++w=="}}) {
        std::string text{"> "};
        append_base64(text, bytes);
        EXPECT_EQ(text, std::string{"> "} + expected);
        EXPECT_EQ(text.size() - 2, base64_size(bytes.size()));
    }
}

} // namespace
} // namespace bctrl::codec
