#include "rpc/call.hpp"

#include "support/scripted_transport.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <utility>

namespace bctrl::rpc {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::fault;
using ::testing::HasSubstr;
using testing::scripted_transport;
using testing::strand_bench;

using ended = testing::pending<call_outcome<wire_response>>;

class calls : public ::testing::Test {
protected:
    ~calls() override { bench.scope().destroy_all(); }

    static call get() {
        call what;
        what.name = "operations.get";
        what.request.method = "GET";
        what.request.target = "/v1/operations/op_1?secret=1";
        what.resource_id = "op_1";
        what.request.replayable = true;
        return what;
    }
    static call post() {
        auto what = get();
        what.request.method = "POST";
        what.request.replayable = false;
        return what;
    }

    ended begin(call what, std::optional<steady_time> until = {}) {
        // The task refers to it until it ends.
        auto const& kept = made.emplace_back(std::move(what));
        return bench.start(where.with_retry(kept, policy, until, stop, told));
    }
    /// Begins a call and lets all its pauses pass.
    call_outcome<wire_response> finish(call what) {
        auto const end = begin(std::move(what));
        bench.pass(5min);
        return std::move(end->value());
    }
    std::size_t attempts() const { return server.requests().size(); }

    strand_bench bench;
    retry_budget in_all{.tokens = 6, .per_call = 0.5, .per_second = 0};
    scripted_transport server{bench.runs_on()};
    endpoint where{bench.runs_on(), server, "https://api.example/base", in_all};
    stop_signal stop;
    activity told;
    retry_policy policy;
    std::deque<call> made;
};

TEST_F(calls, succeed_at_once) {
    server.then(answer(201, "{}"));
    auto const end = finish(get());
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 201);
    EXPECT_EQ(attempts(), 1U);
    EXPECT_EQ(server.requests()[0].what.target, "/v1/operations/op_1?secret=1");
    EXPECT_EQ(server.requests()[0].lane, lane_kind::control);
}

TEST_F(calls, succeed_after_failures) {
    server.then(answer(503, "{}"));
    server.then(fault(errc::connection_lost, exchange_progress::answered));
    server.then(answer(429, "{}"));
    server.then(answer(200, "done"));
    auto const end = finish(get());
    ASSERT_TRUE(end);
    EXPECT_EQ(end->body, "done");
    EXPECT_EQ(attempts(), 4U);
}

TEST_F(calls, stop_after_the_attempts_allowed) {
    policy.attempts = 3;
    for (int n = 0; n < 5; ++n)
        server.then(answer(500, R"({"error":"boom"})"));
    auto const end = finish(get());
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, errc::server_error);
    EXPECT_EQ(end.error().details->attempts, 3U);
    EXPECT_EQ(attempts(), 3U);
}

TEST_F(calls, are_made_once_if_the_policy_says_so) {
    policy.attempts = 1;
    server.then(answer(503, "{}"));
    EXPECT_FALSE(finish(get()));
    EXPECT_EQ(attempts(), 1U);
}

TEST_F(calls, are_not_repeated_after_a_refusal) {
    for (auto const status : {400, 401, 403, 404, 409, 410, 422, 501, 302}) {
        server.then(answer(status, "{}"));
        auto const before = attempts();
        EXPECT_FALSE(finish(get()));
        EXPECT_EQ(attempts(), before + 1) << status;
    }
}

TEST_F(calls, are_not_repeated_after_an_answer_that_breaks_the_rules) {
    server.then(fault(errc::malformed_response, exchange_progress::answered));
    auto const end = finish(get());
    EXPECT_EQ(end.error().code, errc::malformed_response);
    EXPECT_EQ(attempts(), 1U);
}

TEST_F(calls, that_change_things_are_not_repeated_once_sent) {
    server.then(fault(errc::connection_lost, exchange_progress::sent));
    EXPECT_FALSE(finish(post()));
    server.then(answer(503, "{}"));
    EXPECT_FALSE(finish(post()));
    EXPECT_EQ(attempts(), 2U);
}

TEST_F(calls, that_change_things_are_repeated_if_never_sent) {
    server.then(fault(errc::connect_failed, exchange_progress::unsent));
    server.then(answer(200, "{}"));
    EXPECT_TRUE(finish(post()));
    EXPECT_EQ(attempts(), 2U);
}

TEST_F(calls, pause_between_attempts_as_the_policy_says) {
    policy = {4, 1'000ms, 1'000ms, 60'000ms};
    server.then(answer(503, "{}"));
    server.then(answer(503, "{}"));
    server.then(answer(200, "{}"));
    EXPECT_TRUE(finish(get()));
    auto const& seen = server.requests();
    EXPECT_GT(seen[2].at, seen[0].at);
    EXPECT_LT(seen[1].at - seen[0].at, 1'000ms);
    EXPECT_LT(seen[2].at - seen[1].at, 1'000ms);
}

TEST_F(calls, pause_as_long_as_the_server_asks) {
    server.then(answer(429, "{}", {{"Retry-After", "7"}}));
    server.then(answer(200, "{}"));
    EXPECT_TRUE(finish(get()));
    EXPECT_EQ(server.requests()[1].at - server.requests()[0].at, 7s);
}

TEST_F(calls, read_a_date_the_server_names_against_the_calendar) {
    bench.time().set_system_time(std::chrono::sys_days{2026y / 4 / 2} + 9h);
    server.then(answer(503, "{}", {{"Retry-After", "Thu, 02 Apr 2026 09:00:12 GMT"}}));
    server.then(answer(200, "{}"));
    EXPECT_TRUE(finish(get()));
    EXPECT_EQ(server.requests()[1].at - server.requests()[0].at, 12s);
}

TEST_F(calls, end_at_once_if_the_server_asks_for_too_long_a_pause) {
    server.then(answer(429, "{}", {{"Retry-After", "61"}}));
    auto const end = begin(get());
    ASSERT_TRUE(end->has_value());
    EXPECT_EQ((*end)->error().code, errc::rate_limited);
    EXPECT_EQ((*end)->error().details->retry_after, 61s);
}

TEST_F(calls, end_at_once_if_the_pause_would_reach_the_deadline) {
    server.then(answer(503, "{}", {{"Retry-After", "5"}}));
    auto const end = begin(get(), bench.time().now() + 5s);
    ASSERT_TRUE(end->has_value());
    EXPECT_EQ((*end)->error().code, errc::server_error);
}

TEST_F(calls, end_at_once_when_cancelled_in_a_pause) {
    server.then(answer(503, "{}", {{"Retry-After", "50"}}));
    auto const end = begin(get());
    ASSERT_FALSE(end->has_value());
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(end->has_value());
    EXPECT_EQ((*end)->error().code, boost::asio::error::operation_aborted);
    EXPECT_EQ(attempts(), 1U);
    bench.pass(2min);
    EXPECT_EQ(attempts(), 1U);
}

TEST_F(calls, end_at_once_when_cancelled_in_an_exchange) {
    auto const end = begin(get());
    EXPECT_EQ(server.open(), 1);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(end->has_value());
    EXPECT_EQ((*end)->error().code, boost::asio::error::operation_aborted);
    EXPECT_EQ(server.open(), 0);
}

TEST_F(calls, tell_what_went_wrong_before_they_were_stopped) {
    server.then(answer(500, R"({"error":"boom"})"));
    auto const end = begin(get());
    bench.pass(1s);
    EXPECT_EQ(attempts(), 2U);
    stop.request(stop_reason::deadline);
    bench.settle();
    auto const& error = (*end)->error();
    EXPECT_EQ(error.code, errc::deadline_exceeded);
    EXPECT_EQ(error.details->attempts, 2U);
    EXPECT_THAT(error.details->message, HasSubstr("the attempt before: boom"));
}

TEST_F(calls, fail_with_all_that_the_server_tells) {
    server.then(answer(404,
                       R"({"error":"No such operation","code":"operation.not_found",
                           "reasonClass":"missing","requestId":"req_1","hint":"Check it",
                           "details":{"a":1}})",
                       {{"X-Request-Id", "req_header"}}));
    auto const end = finish(get());
    ASSERT_FALSE(end);
    auto const& [code, details] = end.error();
    EXPECT_EQ(code, errc::not_found);
    EXPECT_EQ(details->call, "operations.get");
    EXPECT_EQ(details->method, "GET");
    EXPECT_EQ(details->url, "https://api.example/base/v1/operations/op_1");
    EXPECT_EQ(details->resource_id, "op_1");
    EXPECT_EQ(details->status, 404);
    EXPECT_EQ(details->code, "operation.not_found");
    EXPECT_EQ(details->reason_class, "missing");
    EXPECT_EQ(details->message, "No such operation");
    EXPECT_EQ(details->hint, "Check it");
    EXPECT_EQ(details->request_id, "req_1");
    EXPECT_EQ(details->details.text(), R"({"a":1})");
    EXPECT_EQ(details->attempts, 1U);
}

TEST_F(calls, take_the_request_id_from_a_header_if_need_be) {
    server.then(answer(404, "", {{"x-bctrl-request-id", "req_2"}}));
    EXPECT_EQ(finish(get()).error().details->request_id, "req_2");
}

TEST_F(calls, take_no_more_than_a_line_from_headers) {
    server.then(answer(404, "", {{"x-request-id", std::string(5'000, 'r')}}));
    EXPECT_LT(finish(get()).error().details->request_id.size(), 300U);
    server.then(answer(302, "", {{"Location", "https://x/" + std::string(5'000, 'r')}}));
    EXPECT_LT(finish(get()).error().details->message.size(), 500U);
}

TEST_F(calls, say_that_redirects_are_not_followed) {
    server.then(answer(301, "", {{"Location", "https://elsewhere/?token=1"}}));
    auto const end = finish(get());
    EXPECT_EQ(end.error().code, errc::unexpected_status);
    EXPECT_THAT(end.error().details->message, HasSubstr("never followed"));
    EXPECT_THAT(end.error().details->message, HasSubstr("https://elsewhere/"));
    EXPECT_THAT(end.error().details->message, ::testing::Not(HasSubstr("token")));
}

TEST_F(calls, show_where_a_redirect_leads_without_its_secrets) {
    struct example {
        char const* location;
        char const* shown;
    };
    for (auto const& each :
         {example{"https://u:canary@elsewhere:8443/a?b=canary", "\"https://elsewhere:8443/a\""},
          example{"https://a@canary@elsewhere", "\"https://elsewhere\""},
          example{"https://elsewhere/@kept#canary", "\"https://elsewhere/@kept\""},
          example{"https://canary@elsewhere\\@kept", "\"https://elsewhere\\@kept\""},
          example{"//canary@elsewhere/", "\"//elsewhere/\""}, example{"/login", "\"/login\""},
          example{"https://e/\x1b[31m\r", "\"https://e/ [31m\""}}) {
        server.then(answer(307, "", {{"Location", each.location}}));
        auto const end = finish(get());
        EXPECT_THAT(end.error().details->message, HasSubstr(each.shown));
        EXPECT_THAT(end.error().details->message, ::testing::Not(HasSubstr("canary")));
    }
    server.then(answer(302, "", {{"Location", "?canary"}}));
    EXPECT_THAT(finish(get()).error().details->message, ::testing::EndsWith("go with them"));
}

TEST_F(calls, never_follow_a_redirect_of_any_status_and_method) {
    for (auto const* const method : {"GET", "POST"})
        for (int const status : {300, 301, 302, 303, 305, 306, 307, 308}) {
            server.then(answer(status, "", {{"Location", "https://elsewhere/"}}));
            auto what = get();
            what.request.method = method;
            auto const before = attempts();
            auto const end = finish(std::move(what));
            EXPECT_EQ(end.error().code, errc::unexpected_status) << status;
            EXPECT_THAT(end.error().details->message, HasSubstr("never followed")) << status;
            EXPECT_THAT(end.error().details->hint, HasSubstr("base URL")) << status;
            EXPECT_EQ(attempts(), before + 1) << status;
        }
}

TEST_F(calls, do_not_take_every_odd_status_for_a_redirect) {
    for (int const status : {304, 600}) {
        server.then(answer(status, ""));
        auto const end = finish(get());
        EXPECT_EQ(end.error().code, errc::unexpected_status);
        EXPECT_EQ(end.error().details->message, "the server answers " + std::to_string(status));
    }
}

TEST_F(calls, say_what_can_be_done_about_a_fault) {
    policy.attempts = 1;
    server.then(
        exchange_failure{failure{errc::connect_failed, "refused"}, exchange_progress::unsent});
    EXPECT_THAT(finish(get()).error().details->hint, HasSubstr("firewall"));
    server.then(exchange_failure{failure{errc::connection_lost, "reset"}, exchange_progress::sent});
    auto once = get();
    once.request.replayable = false;
    EXPECT_THAT(finish(std::move(once)).error().details->hint, HasSubstr("may have carried"));
    server.then(answer(401, R"({"error":"no"})"));
    EXPECT_THAT(finish(get()).error().details->hint, HasSubstr("API key"));
}

TEST_F(calls, made_once_never_repeat) {
    server.then(answer(503, R"({"error":"busy"})"));
    auto const what = get();
    auto const sent = bench.start(where.send(what, stop, told));
    ASSERT_TRUE(sent->has_value());
    auto const end = where.take(what, 9, std::move(**sent));
    EXPECT_EQ(end.error().code, errc::server_error);
    EXPECT_EQ(end.error().details->attempts, 9U);
    EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(calls, that_need_no_exchange_fail_with_what_is_known) {
    auto const failed = where.fail(get(), errc::invalid_argument, "why");
    EXPECT_EQ(failed.code, errc::invalid_argument);
    EXPECT_EQ(failed.details->message, "why");
    EXPECT_EQ(failed.details->attempts, 0U);
}

TEST_F(calls, keep_the_cause_of_a_fault) {
    server.then(exchange_failure{
        failure{errc::connection_lost, "reset", boost::asio::error::connection_reset},
        exchange_progress::answered});
    policy.attempts = 1;
    auto const end = finish(get());
    EXPECT_EQ(end.error().details->cause, boost::asio::error::connection_reset);
    EXPECT_EQ(end.error().details->message, "reset");
}

TEST_F(calls, share_the_bound_on_all_their_retries) {
    server.otherwise([](auto const&) { return testing::scripted_answer{answer(503, "{}")}; });
    EXPECT_EQ(finish(get()).error().details->attempts, 4U);
    EXPECT_EQ(finish(get()).error().details->attempts, 4U);
    auto const refused = finish(get());
    EXPECT_EQ(refused.error().details->attempts, 1U);
    EXPECT_EQ(refused.error().code, errc::server_error);
    EXPECT_THAT(refused.error().details->message, HasSubstr("used up"));
    server.otherwise([](auto const&) { return testing::scripted_answer{answer(200, "{}")}; });
    EXPECT_TRUE(finish(get()));
    EXPECT_TRUE(finish(get()));
    server.otherwise([](auto const&) { return testing::scripted_answer{answer(503, "{}")}; });
    EXPECT_EQ(finish(get()).error().details->attempts, 2U) << "two good calls pay for one retry";
}

} // namespace
} // namespace bctrl::rpc
