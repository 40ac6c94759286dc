#include "call_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class script : public ::testing::Test {
protected:
    durable_status status_of(std::string id) {
        auto const ended = get(user, std::move(id));
        world.settle();
        return ended->value.status;
    }

    error_code get_code(std::string id) {
        auto const ended = get(user, std::move(id));
        world.settle();
        return ended->code;
    }

    simulation world;
    scripted_server& server = world.server();
    client user = world.make_client();
};

TEST_F(script, is_played_in_order) {
    server.then(answer(an_operation("op_1", durable_status::queued)))
        .then(answer(an_operation("op_1", durable_status::running)), 2)
        .then(answer(an_operation("op_1", durable_status::failed)));
    EXPECT_EQ(server.unused(), 4U);
    EXPECT_EQ(status_of("op_1"), durable_status::queued);
    EXPECT_EQ(status_of("op_1"), durable_status::running);
    EXPECT_EQ(status_of("op_1"), durable_status::running);
    EXPECT_EQ(status_of("op_1"), durable_status::failed);
    EXPECT_EQ(server.unused(), 0U);
}

TEST_F(script, of_a_path_comes_first) {
    server.answer_with([](seen_request const&) { return answer(an_operation("any")); });
    server.then(answer(an_operation("any", durable_status::queued)));
    auto one = server.on("/v1/operations/op_1");
    one.then(answer(an_operation("op_1", durable_status::succeeded)));
    one.answer_with([](seen_request const& asked) -> std::optional<reply> {
        if (asked.number > 2) return std::nullopt;
        return answer(an_operation("op_1", durable_status::cancelled));
    });
    EXPECT_EQ(status_of("op_1"), durable_status::succeeded) << "its replies";
    EXPECT_EQ(status_of("op_1"), durable_status::cancelled) << "then its function";
    EXPECT_EQ(status_of("op_1"), durable_status::queued) << "then the replies to everything";
    EXPECT_EQ(status_of("op_1"), durable_status::running) << "then the function for everything";
    EXPECT_EQ(status_of("op_2"), durable_status::running);
}

TEST_F(script, may_be_extended_while_it_is_played) {
    server.answer_with([this](seen_request const&) {
        server.on("/v1/operations/op_2").then(answer(an_operation("op_2", durable_status::failed)));
        return answer(an_operation("op_1"));
    });
    EXPECT_EQ(status_of("op_1"), durable_status::running);
    EXPECT_EQ(status_of("op_2"), durable_status::failed);
}

TEST_F(script, may_change_its_mind) {
    server.answer_with([this](seen_request const&) {
        server.answer_with([](seen_request const&) { return refusal(404, "gone by now"); });
        return answer(an_operation("op_1"));
    });
    EXPECT_EQ(status_of("op_1"), durable_status::running);
    EXPECT_EQ(get_code("op_1"), errc::not_found);
    server.answer_with(nullptr);
    get(user, "op_1");
    world.settle();
    EXPECT_EQ(server.unscripted(), 1U);
}

TEST_F(script, shows_what_was_asked) {
    server.answer_with([](seen_request const&) { return answer(201, "{}"); });
    request made{"POST", "/v1/runs"};
    made.query("dry", "yes no").header("X-Mine", "1").body(*json_text::from(R"({ "a": 1 })"));
    made.idempotency_key("key_1");
    auto const ended = std::make_shared<ending<response>>();
    world.pass(5s);
    user.send(made, keep_in<response>(ended));
    world.settle();
    ASSERT_TRUE(ended->done && !ended->code);
    EXPECT_EQ(ended->value.status, 201);

    ASSERT_EQ(server.requests().size(), 1U);
    auto const& asked = server.requests().front();
    EXPECT_EQ(asked.number, 1U);
    EXPECT_EQ(asked.method, "POST");
    EXPECT_EQ(asked.path(), "/v1/runs");
    EXPECT_EQ(asked.query(), "dry=yes%20no");
    EXPECT_EQ(asked.body, R"({"a":1})");
    EXPECT_EQ(asked.at, 5s);
    EXPECT_EQ(asked.lane, lane_kind::control);
    EXPECT_EQ(asked.header("x-mine"), "1");
    EXPECT_EQ(asked.header("Idempotency-Key"), "key_1");
    EXPECT_EQ(asked.header("accept"), "application/json");
    EXPECT_EQ(asked.header("missing"), "");
    EXPECT_FALSE(asked.wait_time());
}

TEST_F(script, shows_how_long_a_wait_is_to_be_held) {
    wait_options options;
    options.within = 20s;
    wait(user, "op_1", options);
    world.settle();
    auto const& asked = server.requests().front();
    EXPECT_EQ(asked.lane, lane_kind::wait);
    ASSERT_TRUE(asked.wait_time());
    EXPECT_LE(*asked.wait_time(), 20s);
    auto const number = std::to_string(asked.wait_time()->count());
    EXPECT_EQ(asked.body, R"({"timeoutMs":)" + number + "}");
}

TEST_F(script, shows_the_key_to_nobody) {
    auto config = config_of_nowhere();
    config.key = api_key{"bctrl_very_secret"};
    config.subaccount_id = "sub_1";
    auto const other = world.make_client(config);
    server.then(refusal(401, "who are you"));
    get(other, "op_1");
    world.settle();
    auto const& asked = server.requests().front();
    EXPECT_EQ(asked.header("BCTRL-Subaccount-Id"), "sub_1");
    EXPECT_EQ(asked.header("Authorization"), "");
    for (auto const& [name, value] : *asked.client_headers)
        EXPECT_THAT(value, Not(HasSubstr("secret")));
    EXPECT_THAT(world.log().text(), Not(HasSubstr("secret")));
}

TEST_F(script, holds_what_it_does_not_cover) {
    auto const ended = get(user, "op_1");
    world.pass(59s);
    EXPECT_EQ(server.in_flight(), 1U);
    EXPECT_EQ(server.unscripted(), 1U);
    EXPECT_THAT(world.log().text(), HasSubstr("#1 GET /v1/operations/op_1 (unscripted)"));
    world.pass(1s);
    EXPECT_EQ(ended->code, errc::deadline_exceeded);
    EXPECT_EQ(server.in_flight(), 0U);
}

TEST_F(script, is_one_for_all_clients) {
    auto const other = world.make_client();
    server.then(answer(an_operation("op_1", durable_status::queued)))
        .then(answer(an_operation("op_1", durable_status::failed)));
    EXPECT_EQ(status_of("op_1"), durable_status::queued);
    auto const ended = get(other, "op_1");
    world.settle();
    EXPECT_EQ(ended->value.status, durable_status::failed);
    EXPECT_EQ(server.count(), 2U);
}

TEST_F(script, keeps_as_many_requests_as_it_is_told_to) {
    server.answer_with([](seen_request const&) { return answer(an_operation("op_1")); });
    server.keep_requests(2);
    for (int n = 0; n < 3; ++n)
        status_of("op_1");
    ASSERT_EQ(server.requests().size(), 2U);
    EXPECT_EQ(server.requests().front().number, 2U);
    server.keep_requests(0);
    status_of("op_1");
    EXPECT_TRUE(server.requests().empty());
    EXPECT_EQ(server.count(), 4U);
}

} // namespace
} // namespace bctrl::testing
