#include "api/concealed_key.hpp"

#include "support/scripted_peer.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
    details.details = *json_text::from(std::string{R"({"token":")"} + key + R"("})");
    conceal(details, key);
    EXPECT_EQ(details.message, "no such key: ***, ***");
    for (auto const& each : {details.hint, details.code, details.reason_class, details.request_id,
                             details.resource_id})
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

TEST(conceal, ends_though_the_key_looks_like_what_replaces_it) {
    error_details details;
    details.message = "********************";
    conceal(details, "********");
    EXPECT_EQ(details.message, "**********");
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
