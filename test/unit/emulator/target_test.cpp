#include "emulator/service/target.hpp"

#include <gtest/gtest.h>

namespace bctrl::emulator {
namespace {

using texts = std::vector<std::string>;

TEST(target, is_split_before_it_is_decoded) {
    EXPECT_EQ(take_apart("/v1/operations/a%2Fb%3F%23%20c")->segments,
              (texts{"v1", "operations", "a/b?# c"}));
    EXPECT_EQ(take_apart("/v1/operations/..")->segments, (texts{"v1", "operations", ".."}));
    EXPECT_EQ(take_apart("/a+b")->segments, (texts{"a+b"}));
    EXPECT_EQ(take_apart("/")->segments, texts{});
    EXPECT_EQ(take_apart("http://127.0.0.1:1/v1/x")->segments, (texts{"v1", "x"}));
}

TEST(target, keeps_repeated_queries) {
    auto const parts = take_apart("/x?status=a&status=b%26c&limit=2&note=d+e&flag").value();
    EXPECT_EQ(parts.all("status"), (texts{"a", "b&c"}));
    EXPECT_EQ(parts.last("limit"), "2");
    EXPECT_EQ(parts.last("note"), "d e");
    EXPECT_EQ(parts.last("flag"), "");
    EXPECT_EQ(parts.last("absent"), std::nullopt);
}

TEST(target, refuses_broken_percent_signs) {
    for (auto const* wrong : {"/%", "/%4", "/%4g", "/a%zz", "/x?a=%", "/x?%4=1", "/%+1", "/%-1"}) {
        EXPECT_FALSE(take_apart(wrong)) << wrong;
    }
}

} // namespace
} // namespace bctrl::emulator
