#include "call_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;

class replies : public ::testing::Test {
protected:
    call_result<operation_wait_result> waited(reply what) {
        world.server().then(std::move(what));
        auto const ended = wait(user, "op_1");
        world.settle();
        return ended;
    }

    simulation world;
    client user = world.make_client();
};

TEST_F(replies, hold_an_operation) {
    auto sent = an_operation("op_1", durable_status::failed);
    sent.progress = progress{};
    sent.progress->step = 3;
    world.server().then(answer(sent));
    auto const ended = get(user, "op_1");
    world.settle();
    ASSERT_TRUE(ended->done);
    EXPECT_FALSE(ended->code) << ended->details.message;
    EXPECT_EQ(ended->value, sent);
}

TEST_F(replies, hold_an_invocation) {
    auto const sent = an_invocation("inv_1", durable_status::succeeded);
    world.server().then(answer(sent)).then(wait_answer(sent));
    auto const got = std::make_shared<ending<invocation>>();
    user.invocations().get("inv_1", keep_in<invocation>(got));
    world.settle();
    auto const ended = std::make_shared<ending<invocation_wait_result>>();
    user.invocations().wait("inv_1", keep_in<invocation_wait_result>(ended));
    world.settle();
    ASSERT_TRUE(got->done && ended->done);
    EXPECT_EQ(got->value, sent);
    EXPECT_EQ(ended->value.invocation, sent);
    EXPECT_EQ(world.server().requests().back().path(), "/v1/invocations/inv_1/wait");
}

TEST_F(replies, hold_a_page_of_commands) {
    command_page sent;
    sent.commands.push_back(an_invocation("inv_1"));
    world.server().then(answer(sent));
    auto const ended = std::make_shared<ending<command_page>>();
    user.runs().commands("run_1", commands_query{}, call_options{}, keep_in<command_page>(ended));
    world.settle();
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->value, sent);
}

TEST_F(replies, end_a_wait_with_every_ending) {
    EXPECT_EQ(waited(succeeded("op_1"))->value.operation.status, durable_status::succeeded);
    EXPECT_EQ(waited(cancelled("op_1"))->value.operation.status, durable_status::cancelled);
    EXPECT_EQ(waited(timed_out("op_1"))->value.operation.status, durable_status::timed_out);
    auto const ended = waited(failed("op_1", "no such page"));
    EXPECT_EQ(ended->value.operation.status, durable_status::failed);
    ASSERT_TRUE(ended->value.operation.error);
    EXPECT_EQ(ended->value.operation.error->message, "no such page");
    EXPECT_FALSE(ended->value.timed_out_waiting);
}

TEST_F(replies, let_a_wait_go_on) {
    auto const ended = waited(still_running("op_1").after(50s));
    world.server().then(still_running("op_1").after(50s)).then(succeeded("op_1").after(3s));
    world.pass(103s - 1ms);
    EXPECT_FALSE(ended->done);
    world.pass(1ms);
    EXPECT_TRUE(ended->done);
    EXPECT_EQ(world.server().count(), 3U);
}

TEST_F(replies, refuse_like_the_api) {
    world.server().then(refusal(404, "There is no such operation.", "operation.not_found",
                                {{"X-Request-Id", "req_1"}}));
    auto const ended = get(user, "op_1");
    world.settle();
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->code, errc::not_found);
    EXPECT_EQ(ended->details.status, 404);
    EXPECT_EQ(ended->details.message, "There is no such operation.");
    EXPECT_EQ(ended->details.code, "operation.not_found");
    EXPECT_EQ(ended->details.request_id, "req_1");
}

TEST_F(replies, may_be_no_json) {
    world.server().then(answer(200, "<html></html>", {{"content-type", "text/html"}}));
    auto const ended = get(user, "op_1");
    world.settle();
    ASSERT_TRUE(ended->done);
    EXPECT_EQ(ended->code, errc::unexpected_content);
}

TEST_F(replies, to_a_throttled_call_say_when_to_come_back) {
    world.server()
        .then(answer(429, "{}", {{"Retry-After", "7"}}))
        .then(answer(an_operation("op_1")));
    auto const ended = get(user, "op_1", 2);
    world.pass(7s - 1ms);
    EXPECT_FALSE(ended->done);
    world.pass(1ms);
    EXPECT_TRUE(ended->done && !ended->code);
}

TEST_F(replies, are_values_that_keep_their_delay_to_themselves) {
    auto const usual = succeeded("op_1");
    auto const late = usual.after(1min);
    EXPECT_EQ(usual.delay, 0ms);
    EXPECT_EQ(late.delay, 1min);
    EXPECT_EQ(late.body, usual.body);
}

} // namespace
} // namespace bctrl::testing
