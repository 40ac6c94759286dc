#include "api/client_core.hpp"

#include "api/durable_calls.hpp"
#include "support/core_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using ::testing::HasSubstr;
using ::testing::Not;

using ended = testing::pending<rpc::call_outcome<operation>>;

class core : public ::testing::Test {
protected:
    ended get(call_options options = {}) {
        return bench.start(
            get_resource<operation>(bench.core(), stop, bench.call(), "op_1", options));
    }
    task<bool> close(milliseconds patience) {
        co_await bench.core().closed(patience, impatience);
        co_return true;
    }
    /// Closing is no call, so it is no task among them.
    testing::pending<bool> begin_closing(milliseconds patience) {
        auto done = std::make_shared<std::optional<bool>>();
        bench.core().closings().spawn(testing::keep(close(patience), done));
        bench.settle();
        return done;
    }

    core_bench bench;
    stop_signal stop{bench.core().ending()};
    stop_signal impatience;
};

rpc::call_failure const& error_of(ended const& end) {
    return (*end)->error();
}

TEST_F(core, ends_a_call_at_its_deadline_in_an_exchange) {
    auto const end = get({.timeout = 5s});
    bench.pass(5s);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::deadline_exceeded);
    EXPECT_EQ(bench.server().open(), 0);
}

TEST_F(core, ends_a_call_at_the_deadline_of_its_client) {
    auto const end = get();
    bench.pass(60s - 1ms);
    EXPECT_FALSE(*end);
    bench.pass(1ms);
    EXPECT_TRUE(*end);
}

TEST_F(core, takes_any_number_for_a_deadline) {
    auto const none = get({.timeout = milliseconds::min()});
    bench.pass(1s);
    stop_signal other;
    auto const endless = bench.start(get_resource<operation>(
        bench.core(), other, bench.call(), "op_1", {.timeout = milliseconds::max()}));
    bench.pass(24h);
    EXPECT_FALSE(*endless);
    ASSERT_TRUE(*none);
    EXPECT_EQ(error_of(none).code, errc::deadline_exceeded);
    other.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_TRUE(*endless);
}

TEST_F(core, makes_as_many_attempts_as_the_options_say) {
    for (int n = 0; n < 3; ++n)
        bench.server().then(answer(503, "{}"));
    auto const end = get({.retry = retry_policy{.attempts = 2}});
    bench.pass(60s);
    ASSERT_TRUE(*end);
    EXPECT_EQ(bench.server().requests().size(), 2U);
}

TEST_F(core, says_when_the_answer_is_a_page) {
    wire_response page;
    page.status = 200;
    page.headers = {{"Content-Type", "text/html"}, {"X-Request-Id", "req_1"}};
    page.body = "<html><head><title>Welcome</title></head></html>";
    bench.server().then(page);
    auto const end = get();
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::unexpected_content);
    EXPECT_EQ(error_of(end).details->status, 200);
    EXPECT_EQ(error_of(end).details->request_id, "req_1");
    EXPECT_THAT(error_of(end).details->message, HasSubstr("Welcome"));
    EXPECT_THAT(error_of(end).details->hint, HasSubstr("base URL"));
}

TEST_F(core, says_when_a_document_was_due_and_none_came) {
    for (int const status : {200, 202, 204, 205}) {
        bench.server().then(answer(status, ""));
        auto const end = get();
        ASSERT_TRUE(*end && !**end);
        EXPECT_EQ(error_of(end).code, errc::unexpected_content);
        EXPECT_EQ(error_of(end).details->status, status);
        EXPECT_EQ(error_of(end).details->message, "the answer is empty where a document was due");
        EXPECT_THAT(error_of(end).details->hint, HasSubstr("base URL"));
    }
}

TEST_F(core, shows_its_key_to_nobody) {
    bench.server().then(answer(401, R"({"error":"who are you"})"));
    auto const end = get();
    ASSERT_TRUE(*end && !**end);
    EXPECT_THAT(describe(error_of(end).code, *error_of(end).details), Not(HasSubstr("test_key")));
}

TEST_F(core, closes_at_once_when_nothing_is_in_flight) {
    auto const done = begin_closing(5s);
    EXPECT_TRUE(*done);
    EXPECT_TRUE(bench.server().was_closed());
    EXPECT_FALSE(bench.time().next_alarm()) << "nothing is left to wait for";
}

TEST_F(core, lets_calls_go_on_while_it_is_patient) {
    bench.server().then(answer(404, ""), 3s);
    auto const end = get();
    auto const done = begin_closing(5s);
    EXPECT_FALSE(*done);
    EXPECT_FALSE(bench.server().was_closed());
    bench.pass(3s);
    ASSERT_TRUE(*end);
    EXPECT_EQ(error_of(end).code, errc::not_found);
    EXPECT_TRUE(*done);
    EXPECT_FALSE(bench.time().next_alarm());
}

TEST_F(core, stops_calls_when_its_patience_ends) {
    auto const end = get();
    auto const done = begin_closing(5s);
    bench.pass(5s);
    ASSERT_TRUE(*end && *done);
    EXPECT_EQ(error_of(end).code, errc::client_closed);
    EXPECT_FALSE(bench.time().next_alarm());
}

TEST_F(core, stops_calls_when_it_is_told_to_hurry) {
    auto const end = get({.timeout = milliseconds::max()});
    auto const done = begin_closing(milliseconds::max());
    bench.pass(24h);
    EXPECT_FALSE(*end || *done);
    impatience.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_TRUE(*end && *done);
}

TEST_F(core, without_patience_stops_calls_at_once) {
    auto const end = get();
    auto const done = begin_closing(0ms);
    ASSERT_TRUE(*end && *done);
    EXPECT_EQ(error_of(end).code, errc::client_closed);
    EXPECT_TRUE(bench.core().refuses_calls());
}

TEST_F(core, can_be_closed_twice_at_a_time) {
    auto const end = get();
    auto const first = begin_closing(5s);
    auto const second = begin_closing(0ms);
    EXPECT_TRUE(*end && *first && *second);
}

TEST(client_core, vanishes_with_its_context) {
    auto bench = std::make_unique<core_bench>();
    std::weak_ptr<detail::client_core> const core = bench->shared_core();
    stop_signal stop;
    auto const end = bench->start(
        get_resource<operation>(bench->core(), stop, bench->call(), "op_1", call_options{}));
    bench.reset();
    EXPECT_TRUE(core.expired());
    EXPECT_FALSE(*end) << "it is not told of any end";
}

TEST(client_core, outlives_its_context_as_a_shell) {
    auto context = std::make_unique<boost::asio::io_context>();
    auto const core =
        detail::client_core::make(context->get_executor(), configure(testing::config_of_nowhere()),
                                  {real_clock(), seeded_randomness(1)});
    EXPECT_FALSE(core->context_gone());
    context.reset();
    EXPECT_TRUE(core->context_gone());
    EXPECT_EQ(core->stats().calls, 0);
}

} // namespace
} // namespace bctrl
