#include <bctrl/json_text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bctrl {
namespace {

TEST(json_text, default_is_none) {
    json_text const none;
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.text(), "");
    EXPECT_NE(none, *json_text::from("null"));
}

struct text_case {
    std::string given;
    std::string kept;
};

class texts : public testing::TestWithParam<text_case> {};

TEST_P(texts, are_kept_compact) {
    auto const kept = json_text::from(GetParam().given);
    ASSERT_TRUE(kept) << GetParam().given;
    EXPECT_EQ(kept->text(), GetParam().kept);
    EXPECT_EQ(json_text::from(kept->text()), kept) << "compacting twice changes nothing";
}

INSTANTIATE_TEST_SUITE_P(
    json_text, texts,
    testing::Values(text_case{"null", "null"}, text_case{" true ", "true"},
                    text_case{"-0.10e+05", "-0.10e+05"}, text_case{"1", "1"},
                    text_case{"12345678901234567890123", "12345678901234567890123"},
                    text_case{"\"\"", "\"\""}, text_case{"[ ]", "[]"}, text_case{"{ }", "{}"},
                    text_case{"[ 1 , [ 2 , { } ] , { \"a\" : [ ] , \"b\" : null } ]",
                              R"([1,[2,{}],{"a":[],"b":null}])"},
                    text_case{"{\"b\":1,\"a\":2,\"b\":3}", "{\"b\":1,\"a\":2,\"b\":3}"},
                    text_case{R"("\u0041\u00e4\/\u001f\u007f")", "\"A\xC3\xA4/\\u001f\x7F\""},
                    text_case{R"(["[","{",":",","])", R"(["[","{",":",","])"}));

TEST(json_text, refuses_what_is_no_json) {
    for (std::string const text :
         {"", " ", "nul", "{", "[1,]", "01", "'a'", "1 2", "\"\xFF\"", "\"\n\"", "{a:1}"})
        EXPECT_FALSE(json_text::from(text)) << text;
    EXPECT_TRUE(json_text::from(std::string(512, '[') + std::string(512, ']')));
    EXPECT_FALSE(json_text::from(std::string(513, '[') + std::string(513, ']')));
}

} // namespace
} // namespace bctrl
