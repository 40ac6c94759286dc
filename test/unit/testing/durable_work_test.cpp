#include "call_result.hpp"

#include <gtest/gtest.h>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;

class work : public ::testing::Test {
protected:
    durable_status status() {
        auto const ended = get(user, "op_1");
        world.settle();
        EXPECT_FALSE(ended->code) << ended->details.message;
        EXPECT_EQ(ended->value.id, "op_1");
        return ended->value.status;
    }

    simulation world;
    client user = world.make_client();
};

TEST_F(work, runs_until_it_ends) {
    world.server().answer_with(durable_work(90s, durable_status::failed));
    EXPECT_EQ(status(), durable_status::running);
    world.pass(90s - 1ms);
    EXPECT_EQ(status(), durable_status::running);
    world.pass(1ms);
    EXPECT_EQ(status(), durable_status::failed);
}

TEST_F(work, ends_a_wait_when_it_ends) {
    world.server().answer_with(durable_work(120s));
    auto const ended = wait(user, "op_1");
    EXPECT_TRUE(world.run_until([&] { return ended->done; }, 1h));
    EXPECT_EQ(world.now(), 120s);
    EXPECT_EQ(ended->value.operation.status, durable_status::succeeded);
    EXPECT_EQ(world.server().count(), 3U) << "two slices of 50 s, and the rest";
}

TEST_F(work, may_have_ended_before) {
    world.server().answer_with(durable_work(0s));
    auto const ended = wait(user, "op_1");
    world.settle();
    EXPECT_TRUE(ended->done && !ended->code);
}

TEST_F(work, may_be_an_invocation) {
    world.server().answer_with(durable_work(10s));
    auto const ended = std::make_shared<ending<invocation_wait_result>>();
    user.invocations().wait("inv_1", keep_in<invocation_wait_result>(ended));
    world.pass(10s);
    ASSERT_TRUE(ended->done && !ended->code);
    EXPECT_EQ(ended->value.invocation.id, "inv_1");
    EXPECT_EQ(ended->value.invocation.status, durable_status::succeeded);
}

TEST_F(work, of_one_path_may_differ) {
    world.server().answer_with(durable_work(1h));
    world.server().on("/v1/operations/op_1").answer_with(durable_work(5s));
    world.pass(5s);
    EXPECT_EQ(status(), durable_status::succeeded);
}

TEST_F(work, leaves_other_requests_to_others) {
    world.server().answer_with(durable_work(10s));
    user.operations().cancel("op_1", [](error_code, operation) {});
    user.send(request{"GET", "/v1/runs/run_1"}, [](error_code, response) {});
    world.settle();
    EXPECT_EQ(world.server().unscripted(), 2U);
}

} // namespace
} // namespace bctrl::testing
