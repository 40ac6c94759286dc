#include "api/durable_wait.hpp"

#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using ::testing::HasSubstr;

/// The flag of an answer is told apart from its status here.
exchange_outcome seen(std::string const& status, bool timed_out = true) {
    return answer(200, std::string{R"({"timedOutWaiting":)"} + (timed_out ? "true" : "false") +
                           R"(,"operation":)" + testing::operation_text("op_1", status) + "}");
}

using result = rpc::call_outcome<operation_wait_result>;
using ended = testing::pending<result>;

class waits : public ::testing::Test {
protected:
    ended begin(wait_options options = {}) {
        return bench.start(
            testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "op_1", options));
    }
    void held(int times, std::string const& status = "running", milliseconds by = 50s) {
        for (int n = 0; n < times; ++n)
            bench.server().then(seen(status), by);
    }
    std::vector<std::string> bodies() {
        std::vector<std::string> found;
        for (auto const& each : bench.server().requests())
            found.push_back(each.what.body);
        return found;
    }
    std::size_t polls() { return bench.server().requests().size(); }
    steady_time now() { return bench.time().now(); }

    core_bench bench;
    stop_signal stop;
};

rpc::call_failure const& error_of(ended const& end) {
    return (*end)->error();
}

TEST_F(waits, end_with_the_work) {
    bench.server().then(seen("succeeded", false));
    auto const end = begin();
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ((**end)->operation.status, durable_status::succeeded);
    EXPECT_FALSE((**end)->timed_out_waiting);
    auto const& request = bench.server().requests().at(0);
    EXPECT_EQ(request.what.method, "POST");
    EXPECT_EQ(request.what.target, "/v1/operations/op_1/wait");
    EXPECT_EQ(request.lane, lane_kind::wait);
}

TEST_F(waits, take_as_many_polls_as_it_needs) {
    held(7);
    bench.server().then(seen("failed", false), 3s);
    auto const end = begin();
    auto const begun = now();
    bench.pass(350s);
    EXPECT_FALSE(*end);
    bench.pass(3s);
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ((**end)->operation.status, durable_status::failed);
    EXPECT_EQ(now() - begun, 353s);
    EXPECT_EQ(bodies(), std::vector<std::string>(8, R"({"timeoutMs":50000})"));
}

TEST_F(waits, ask_the_last_polls_for_less_than_the_time_left) {
    held(2, "running", 50s);
    held(1, "running", 19s);
    auto const end = begin({.within = 120s});
    bench.pass(120s);
    ASSERT_TRUE(*end && **end);
    EXPECT_TRUE((**end)->timed_out_waiting);
    EXPECT_EQ((**end)->operation.status, durable_status::running);
    EXPECT_EQ(bodies(),
              (std::vector<std::string>{R"({"timeoutMs":50000})", R"({"timeoutMs":50000})",
                                        R"({"timeoutMs":19000})", R"({"timeoutMs":900})"}));
}

TEST_F(waits, take_the_slice_that_is_asked_for) {
    held(2, "running", 5s);
    bench.server().then(seen("succeeded"), 1s);
    auto const end = begin({.policy = wait_policy{.slice = 5s}});
    bench.pass(11s);
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ(bodies(), std::vector<std::string>(3, R"({"timeoutMs":5000})"));
}

TEST_F(waits, believe_the_status_and_not_the_flag) {
    bench.server().then(seen("running", false), 50s);
    bench.server().then(seen("cancelled", true), 1s);
    auto const end = begin();
    bench.pass(50s);
    EXPECT_FALSE(*end) << "running is no end, whatever the flag says";
    bench.pass(1s);
    ASSERT_TRUE(*end && **end);
    EXPECT_FALSE((**end)->timed_out_waiting);
    EXPECT_EQ((**end)->operation.status, durable_status::cancelled);
}

TEST_F(waits, end_with_every_terminal_status) {
    for (auto const* status : {"succeeded", "failed", "cancelled", "timed_out"}) {
        bench.server().then(seen(status));
        auto const end = begin();
        ASSERT_TRUE(*end && **end) << status;
        EXPECT_EQ((**end)->operation.status.text(), status);
    }
}

TEST_F(waits, do_not_end_with_a_status_they_do_not_know) {
    for (auto const* status : {"queued", "dispatching", "cancelling", "succeeded_partly", ""})
        held(1, status);
    bench.server().then(seen("succeeded"));
    auto const end = begin();
    bench.pass(250s);
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ(polls(), 6U);
}

TEST_F(waits, are_paced_when_answers_come_early) {
    bench.server().otherwise([](auto const&) { return testing::scripted_answer{seen("running")}; });
    auto const end = begin();
    bench.pass(5s);
    EXPECT_FALSE(*end);
    EXPECT_LT(polls(), 20U);
    EXPECT_GT(polls(), 4U);
    auto const before = polls();
    bench.pass(100s);
    EXPECT_LE(polls() - before, 20U);
    stop.request(stop_reason::cancelled);
    bench.settle();
}

TEST_F(waits, are_not_made_to_spin_by_errors_that_ask_for_no_pause) {
    bench.server().otherwise([](auto const&) {
        return testing::scripted_answer{answer(503, "{}", {{"Retry-After", "0"}})};
    });
    auto const end = begin();
    bench.pass(60s);
    EXPECT_FALSE(*end);
    EXPECT_LT(polls(), 60U);
    stop.request(stop_reason::cancelled);
    bench.settle();
}

TEST_F(waits, that_see_a_state_in_time_end_with_a_value) {
    held(1, "running", 4'500ms);
    auto const end = begin({.within = 5s});
    bench.pass(4'999ms);
    EXPECT_FALSE(*end);
    bench.pass(1ms);
    ASSERT_TRUE(*end && **end);
    EXPECT_TRUE((**end)->timed_out_waiting);
    EXPECT_EQ(bodies(),
              (std::vector<std::string>{R"({"timeoutMs":4500})", R"({"timeoutMs":450})"}));
}

TEST_F(waits, keep_their_deadline_though_the_server_holds_on) {
    held(1, "running", 50s);
    auto const end = begin({.within = 52s});
    bench.pass(52s);
    ASSERT_TRUE(*end && **end) << "the last poll is never answered";
    EXPECT_TRUE((**end)->timed_out_waiting);
    EXPECT_EQ(polls(), 2U);
    EXPECT_EQ(bench.server().open(), 0);
}

TEST_F(waits, do_not_begin_a_poll_that_could_not_be_answered_in_time) {
    held(1, "running", 9s + 800ms);
    auto const end = begin({.within = 10s});
    bench.pass(9'999ms);
    EXPECT_FALSE(*end);
    EXPECT_EQ(bench.server().open(), 0);
    bench.pass(1ms);
    EXPECT_TRUE(*end && **end);
    EXPECT_EQ(polls(), 1U);
}

TEST_F(waits, that_saw_nothing_in_time_end_with_an_error) {
    auto const end = begin({.within = 5s});
    bench.pass(5s);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::deadline_exceeded);
    EXPECT_FALSE(error_of(end).details->last_operation);
    EXPECT_EQ(error_of(end).details->call, "operations.wait");
    EXPECT_EQ(error_of(end).details->resource_id, "op_1");
}

TEST_F(waits, that_found_only_faults_in_time_tell_the_last_one) {
    bench.server().otherwise([](auto const&) {
        return testing::scripted_answer{fault(errc::connect_failed, exchange_progress::unsent)};
    });
    auto const end = begin({.within = 30s});
    bench.pass(31s);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::deadline_exceeded);
    EXPECT_EQ(error_of(end).details->cause, errc::connect_failed);
    EXPECT_EQ(error_of(end).details->attempts, polls());
}

TEST_F(waits, of_no_time_see_nothing) {
    auto const end = begin({.within = 0ms});
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::deadline_exceeded);
    EXPECT_EQ(bench.server().open(), 0);
}

TEST_F(waits, take_any_number_for_a_time) {
    auto const none = begin({.within = milliseconds::min()});
    bench.pass(1s);
    stop_signal other;
    auto const endless = bench.start(testing::wait_for_end<operation>(
        bench.core(), other, bench.call(), "op_1",
        {.within = milliseconds::max(), .policy = wait_policy{.slice = milliseconds::max()}}));
    bench.pass(24h);
    EXPECT_FALSE(*endless);
    ASSERT_TRUE(*none && !**none);
    EXPECT_EQ(error_of(none).code, errc::deadline_exceeded);
    other.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_TRUE(*endless);
}

TEST_F(waits, survive_everything_transient) {
    auto& server = bench.server();
    for (auto const status : {408, 429, 500, 502, 503, 504, 505, 520, 524})
        server.then(answer(status, "<html>busy</html>"));
    for (auto const what : {errc::resolve_failed, errc::connect_failed, errc::tls_failed,
                            errc::connection_lost, errc::too_many_descriptors, errc::queue_full})
        server.then(fault(what, exchange_progress::sent));
    server.then(seen("succeeded"));
    auto const end = begin();
    bench.pass(5min);
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ(polls(), 16U);
}

TEST_F(waits, give_up_when_contact_is_lost) {
    held(1);
    bench.server().otherwise([](auto const&) {
        return testing::scripted_answer{fault(errc::connect_failed, exchange_progress::unsent)};
    });
    auto const end = begin();
    bench.pass(50s);
    auto const last_contact = now();
    bench.pass(299'999ms);
    EXPECT_FALSE(*end);
    bench.pass(1ms);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(now() - last_contact, 300s);
    EXPECT_EQ(error_of(end).details->last_seen_age, 300s);
    EXPECT_EQ(error_of(end).code, errc::lost_contact);
    EXPECT_EQ(error_of(end).details->cause, errc::connect_failed);
    ASSERT_TRUE(error_of(end).details->last_operation);
    EXPECT_EQ(error_of(end).details->last_operation->status, durable_status::running);
    EXPECT_EQ(error_of(end).details->attempts, polls());
}

TEST_F(waits, give_up_on_polls_that_are_never_answered) {
    auto const end = begin();
    bench.pass(60s);
    EXPECT_EQ(bench.server().open(), 0) << "slice and margin have passed";
    bench.pass(240s);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::lost_contact);
    EXPECT_EQ(error_of(end).details->cause, errc::deadline_exceeded);
}

TEST_F(waits, end_at_once_when_refused) {
    for (auto const& [status, code] :
         std::initializer_list<std::pair<int, errc>>{{400, errc::invalid_request},
                                                     {401, errc::unauthenticated},
                                                     {403, errc::permission_denied},
                                                     {404, errc::not_found},
                                                     {409, errc::conflict},
                                                     {410, errc::gone},
                                                     {422, errc::invalid_request}}) {
        bench.server().then(answer(status, R"({"error":"no"})"));
        auto const before = polls();
        auto const end = begin();
        ASSERT_TRUE(*end && !**end) << status;
        EXPECT_EQ(error_of(end).code, code);
        EXPECT_EQ(polls(), before + 1);
    }
}

TEST_F(waits, tell_the_last_state_when_refused_later) {
    held(1, "dispatching");
    bench.server().then(answer(404, R"({"error":"gone"})"));
    auto const end = begin();
    bench.pass(50s);
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::not_found);
    ASSERT_TRUE(error_of(end).details->last_operation);
    EXPECT_EQ(error_of(end).details->last_operation->status, durable_status::dispatching);
    EXPECT_EQ(error_of(end).details->attempts, 2U);
}

TEST_F(waits, end_when_the_answer_is_not_the_document) {
    bench.server().then(answer(200, R"({"timedOutWaiting":true})"));
    auto const missing = begin();
    ASSERT_TRUE(*missing && !**missing);
    EXPECT_EQ(error_of(missing).code, errc::unexpected_document);
    EXPECT_THAT(error_of(missing).details->message, HasSubstr("operation"));
    bench.server().then(answer(200, "{"));
    auto const malformed = begin();
    ASSERT_TRUE(*malformed && !**malformed);
    EXPECT_EQ(error_of(malformed).code, errc::malformed_json);
}

TEST_F(waits, are_cancelled_in_a_poll) {
    auto const end = begin();
    EXPECT_EQ(bench.server().open(), 1);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, boost::asio::error::operation_aborted);
    EXPECT_EQ(bench.server().open(), 0);
}

TEST_F(waits, are_cancelled_between_polls) {
    bench.server().then(answer(503, "{}", {{"Retry-After", "30"}}));
    auto const end = begin();
    bench.pass(1s);
    EXPECT_EQ(bench.server().open(), 0);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, boost::asio::error::operation_aborted);
    EXPECT_EQ(error_of(end).details->attempts, 1U);
    bench.pass(1h);
    EXPECT_EQ(polls(), 1U);
}

TEST_F(waits, tell_the_last_state_when_cancelled) {
    held(1);
    auto const end = begin();
    bench.pass(60s);
    stop.request(stop_reason::closed);
    bench.settle();
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::client_closed);
    EXPECT_TRUE(error_of(end).details->last_operation);
}

TEST_F(waits, cancelled_before_they_begin_do_not_poll) {
    stop.request(stop_reason::cancelled);
    auto const end = begin();
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, boost::asio::error::operation_aborted);
    EXPECT_EQ(polls(), 0U);
}

TEST_F(waits, need_an_id) {
    auto const end = bench.start(
        testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "", wait_options{}));
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ(error_of(end).code, errc::invalid_argument);
    EXPECT_EQ(polls(), 0U);
}

TEST_F(waits, name_any_id_as_one_segment) {
    bench.server().then(answer(404, ""));
    (void)bench.start(testing::wait_for_end<operation>(bench.core(), stop, bench.call(),
                                                       "../a b?c#d/e", wait_options{}));
    EXPECT_EQ(bench.server().requests().at(0).what.target,
              "/v1/operations/..%2Fa%20b%3Fc%23d%2Fe/wait");
}

TEST_F(waits, last_a_day_without_losing_count) {
    held(1'728);
    bench.server().then(seen("succeeded"));
    auto const end = begin();
    auto const begun = now();
    bench.pass(24h);
    ASSERT_TRUE(*end && **end);
    EXPECT_EQ(polls(), 1'729U);
    EXPECT_EQ(bench.server().requests().back().at - begun, 24h);
}

TEST_F(waits, for_invocations_are_the_same) {
    bench.server().then(answer(404, R"({"error":"no"})"));
    auto const end = bench.start(testing::wait_for_end<invocation>(bench.core(), stop, bench.call(),
                                                                   "inv_1", wait_options{}));
    ASSERT_TRUE(*end && !**end);
    EXPECT_EQ((*end)->error().details->call, "invocations.wait");
    EXPECT_EQ(bench.server().requests().at(0).what.target, "/v1/invocations/inv_1/wait");
}

} // namespace
} // namespace bctrl
