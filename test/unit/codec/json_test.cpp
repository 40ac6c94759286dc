#include "documents.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/error.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/json.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bctrl {
namespace {

TEST(json, goes_there_and_back) {
    auto const text = codec::operation_with(R"(,"startedAt":null,"new":[1])");
    EXPECT_EQ(to_json(from_json<operation>(text)), text);

    operation_wait_result waited;
    waited.operation = from_json<operation>(text);
    EXPECT_EQ(from_json<operation_wait_result>(to_json(waited)), waited);

    invocation_wait_result other;
    other.invocation = from_json<invocation>(codec::invocation_with(""));
    EXPECT_EQ(from_json<invocation_wait_result>(to_json(other)), other);

    command_page page;
    page.commands.push_back(other.invocation);
    EXPECT_EQ(from_json<command_page>(to_json(page)), page);
}

void expect_thrown(std::string_view text, errc kind, std::string_view message) {
    try {
        static_cast<void>(from_json<operation>(text));
        ADD_FAILURE() << "nothing thrown for " << text;
    } catch (request_error const& error) {
        EXPECT_EQ(error.code(), make_error_code(kind));
        EXPECT_EQ(error.details().message.substr(0, message.size()), message);
    }
}

TEST(json, throws_what_is_wrong_and_where) {
    expect_thrown("{", errc::malformed_json, "$: ");
    expect_thrown(R"({"progress":{"step":"x"}})", errc::unexpected_document,
                  "$.progress.step: expected an integer");
}

} // namespace
} // namespace bctrl
