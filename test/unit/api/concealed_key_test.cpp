#include "api/concealed_key.hpp"

#include "support/scripted_peer.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bctrl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto* key = "bctrl_live_0123456789";

TEST(conceal, takes_the_key_out_of_every_text) {
    error_details details;
    details.message = std::string{"no such key: "} + key + ", " + key;
    details.hint = details.code = details.reason_class = details.request_id = key;
    details.url = std::string{"https://h/v1/operations/"} + key;
    details.resource_id = key;
    details.call = std::string{"send "} + key;
    details.method = key;
    details.details = *json_text::from(std::string{R"({"token":")"} + key + R"("})");
    conceal(details, key);
    EXPECT_EQ(details.message, "no such key: ***, ***");
    EXPECT_EQ(details.call, "send ***");
    for (auto const& each : {details.method, details.hint, details.code, details.reason_class,
                             details.request_id, details.resource_id})
        EXPECT_EQ(each, "***");
    EXPECT_EQ(details.url, "https://h/v1/operations/***");
    EXPECT_EQ(details.details.text(), R"({"token":"***"})");
}

TEST(conceal, leaves_everything_else_alone) {
    error_details details;
    details.message = "bctrl_live_ is how keys begin";
    conceal(details, key);
    EXPECT_EQ(details.message, "bctrl_live_ is how keys begin");
    details.message = "a short key is in every word";
    conceal(details, "in");
    EXPECT_EQ(details.message, "a short key is in every word");
}

TEST(conceal, leaves_nothing_of_a_key_that_looks_like_what_replaces_it) {
    std::string text = "********************";
    conceal(text, "********");
    EXPECT_EQ(text, "***");
    text = "abcdabcd***efghefgh";
    conceal(text, "abcd***efgh");
    EXPECT_EQ(text, "***");
}

std::string concealed(std::string text) {
    conceal(text, key);
    return text;
}

TEST(conceal, knows_the_key_in_every_spelling) {
    for (auto const* text : {
             "bctrl_live_0123456789",
             "BCTRL_LIVE_0123456789",
             "Bctrl_Live_0123456789",
             "bctrl%5Flive%5f0123456789",
             "%62%63%74%72%6C%5F%6C%69%76%65%5F%30%31%32%33%34%35%36%37%38%39",
             "bctrl%255Flive%25255f0123456789",
             "bctrl\\u005flive\\u005F0123456789",
             "\\u0062ctrl_live_0123456789",
             "\\\\u0062ctrl_live_012345678\\\\u0039",
         })
        EXPECT_EQ(concealed("<" + std::string{text} + ">"), "<***>") << text;
}

TEST(conceal, knows_the_key_in_base64_behind_anything) {
    // "bctrl_live_0123456789", "x:…", "xy:…", "Bearer …", "a:…:b"
    for (auto const* text :
         {"YmN0cmxfbGl2ZV8wMTIzNDU2Nzg5",
          "eDpiY3RybF9saXZlXzAxMjM0NTY3ODk=", "eHk6YmN0cmxfbGl2ZV8wMTIzNDU2Nzg5",
          "QmVhcmVyIGJjdHJsX2xpdmVfMDEyMzQ1Njc4OQ==", "YTpiY3RybF9saXZlXzAxMjM0NTY3ODk6Yg%3D%3D"})
        EXPECT_EQ(concealed("Basic " + std::string{text} + ", sorry"), "Basic ***, sorry") << text;
    std::string text = "token fn5-fn5-fn5-";
    conceal(text, "~~~~~~~~~"); // "fn5+" in the other alphabet
    EXPECT_EQ(text, "token ***");
}

TEST(conceal, knows_the_key_that_a_cut_went_through) {
    EXPECT_EQ(concealed("no such key: bctrl_live_01\xE2\x80\xA6"), "no such key: ***\xE2\x80\xA6");
    EXPECT_EQ(concealed("titled \"bctrl%5Flive%5\xE2\x80\xA6\""), "titled \"***\xE2\x80\xA6\"");
    EXPECT_EQ(concealed("the bctrl\xE2\x80\xA6"), "the bctrl\xE2\x80\xA6");
}

TEST(conceal, leaves_json_that_it_would_break_out) {
    error_details details;
    details.details = *json_text::from(R"({"n":1234567890123})");
    conceal(details, "4567890123");
    EXPECT_TRUE(details.details.empty());
}

TEST(client, shows_no_key_that_a_server_repeats) {
    testing::scripted_peer server{{[](testing::peer_connection& c) {
        c.read_request();
        auto const body = std::string{R"({"error":"no such key: )"} + key + R"("})";
        c.write("HTTP/1.1 401 X\r\nContent-Type: application/json\r\nX-Request-Id: " +
                std::string{key} + "\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    }}};
    client_config config;
    config.key = api_key{key};
    config.base_url = "http://127.0.0.1:" + std::to_string(server.port());
    boost::asio::io_context context;
    client api{context.get_executor(), config};
    error_details details;
    error_code code;
    api.operations().get("op_1", {.details = &details}, [&](error_code ec, operation const&) {
        code = ec;
        api.abandon();
    });
    context.run();
    EXPECT_EQ(code, errc::unauthenticated);
    EXPECT_EQ(details.message, "no such key: ***");
    EXPECT_THAT(describe(code, details), Not(HasSubstr(key)));
}

} // namespace
} // namespace bctrl
