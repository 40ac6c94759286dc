#include "codec/error_body.hpp"
#include "codec/readable_text.hpp"
#include "json_compare.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace bctrl::codec {
namespace {

TEST(error_body, reads_every_member) {
    auto const body = read_error_body(read_test_file("error-not-found.json"));
    EXPECT_EQ(body.message, "There is no such operation.");
    EXPECT_EQ(body.code, "operation.not_found");
    EXPECT_EQ(body.request_id, "req_7f3a91");
    EXPECT_EQ(body.reason_class, "not_found");
    EXPECT_EQ(body.hint, "Check the identifier.");
    EXPECT_EQ(body.details.text(), R"({"operationId":"c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d0ff"})");
}

struct message_case {
    std::string body;
    std::string message;
    std::string code;
};

class messages : public testing::TestWithParam<message_case> {};

TEST_P(messages, come_from_the_best_place) {
    auto const body = read_error_body(GetParam().body);
    EXPECT_EQ(body.message, GetParam().message) << GetParam().body;
    EXPECT_EQ(body.code, GetParam().code) << GetParam().body;
}

INSTANTIATE_TEST_SUITE_P(
    objects, messages,
    testing::Values(message_case{R"({"error":"e","code":"c","message":"m"})", "e", "c"},
                    message_case{R"({"message":"m","code":"c"})", "m", "c"},
                    message_case{R"({"error":"","message":"m"})", "m", ""},
                    message_case{R"({"error":null,"message":"m"})", "m", ""},
                    message_case{R"({"error":{"message":"n","code":"nc"},"message":"m"})", "n",
                                 "nc"},
                    message_case{R"({"error":{"code":"nc"},"message":"m","code":"c"})", "m", "nc"},
                    message_case{R"({"error":{"message":{}},"message":"m"})", "m", ""},
                    message_case{R"({"error":["x"],"message":"m","code":17})", "m", ""},
                    message_case{R"({"error":5,"code":"c"})", R"({"error":5,"code":"c"})", "c"},
                    message_case{R"({"code":"c"})", R"({"code":"c"})", "c"},
                    message_case{"{}", "{}", ""},
                    message_case{R"({"error":"a\nb\u0000c\u001b[31m"})", "a b c [31m", ""},
                    message_case{R"({"error":"first","error":"second"})", "first", ""}));

INSTANTIATE_TEST_SUITE_P(
    others, messages,
    testing::Values(
        message_case{"", "", ""}, message_case{" \r\n", "", ""},
        message_case{"upstream connect error", "upstream connect error", ""},
        message_case{"two\r\n  lines\t", "two lines", ""},
        message_case{R"("just a text")", "just a text", ""}, message_case{"[1,2]", "[1,2]", ""},
        message_case{"null", "null", ""}, message_case{R"({"error":"cut)", R"({"error":"cut)", ""},
        message_case{"a\xFF"
                     "b",
                     "a\xEF\xBF\xBD"
                     "b",
                     ""},
        message_case{"<html><body>no</body></html>", "an HTML page", ""},
        message_case{"\xEF\xBB\xBF\n<!DOCTYPE HTML>\n<HTML><HEAD><TITLE lang=en>\n 502  "
                     "Bad\nGateway </TITLE>",
                     "an HTML page titled \"502 Bad Gateway\"", ""},
        message_case{"<!-- x --><html><title></title>", "an HTML page", ""},
        message_case{
            "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.",
            "an HTML page titled \"504 Gateway Time-out\"", ""},
        message_case{"<html><title> </title><H1 class=\"a\">b", "an HTML page titled \"b\"", ""},
        message_case{"<html><title>c</title><h1>d</h1>", "an HTML page titled \"c\"", ""},
        message_case{"<html><h1", "an HTML page", ""},
        message_case{"<html><title>never closed", "an HTML page titled \"never closed\"", ""},
        message_case{"<?xml version=\"1.0\"?><Error/>", "<?xml version=\"1.0\"?><Error/>", ""}));

TEST(error_body, cuts_between_characters) {
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "\xE8\x8C\xB6";
    EXPECT_EQ(read_error_body(text).message, text.substr(0, 300) + "\xE2\x80\xA6");
    EXPECT_EQ(readable_text("\xE8\x8C\xB6\xE8\x8C\xB6", 5), "\xE8\x8C\xB6\xE2\x80\xA6");
    EXPECT_EQ(readable_text("\xE8\x8C\xB6\xE8\x8C\xB6", 6), "\xE8\x8C\xB6\xE8\x8C\xB6");
    EXPECT_EQ(readable_text("a b", 2), "a\xE2\x80\xA6");
}

TEST(error_body, bounds_what_a_server_can_write) {
    auto const body = read_error_body(R"({"error":")" + std::string(100'000, 'e') +
                                      R"(","code":")" + std::string(100'000, 'c') + R"("})");
    EXPECT_EQ(body.message.size(), 2003u);
    EXPECT_EQ(body.code.size(), 203u);
}

TEST(error_body, prints_nothing_that_acts_on_a_terminal) {
    EXPECT_EQ(readable_text("a\x1B[2J\x07\x7F\xC2\x9B"
                            "b",
                            100),
              "a [2J b");
    EXPECT_EQ(readable_text("a\xE2\x80\xA8"
                            "b\xE2\x80\xAE"
                            "c\xE2\x81\xA6"
                            "d\xE2\x80\x8F"
                            "e",
                            100),
              "a b c d e");
    EXPECT_EQ(readable_text("\xE2\x80\x93\xE2\x80\xA6\xC2\xA0", 100),
              "\xE2\x80\x93\xE2\x80\xA6\xC2\xA0");
}

TEST(error_body, never_fails) {
    std::mt19937 random{20261122};
    std::string const alphabet = "{}[]\":,\\ue0123<html>title \n\xC3\xA4\xFF";
    for (int round = 0; round < 20'000; ++round) {
        std::string body;
        for (auto length = random() % 60; length > 0; --length)
            body += alphabet[random() % alphabet.size()];
        auto const read = read_error_body(body);
        EXPECT_LE(read.message.size(), 2003u);
    }
}

} // namespace
} // namespace bctrl::codec
