#include "api/explain.hpp"

#include "api/send.hpp"
#include "api/start_call.hpp"
#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::seen;

exchange_outcome busy(std::string const& message = "overloaded") {
    return answer(503, R"({"error":")" + message + R"(","requestId":"req_1"})",
                  {{"Retry-After", "7"}});
}

class explaining : public ::testing::Test {
protected:
    void get(call_options options = {}) {
        (void)bench.start(
            get_resource<operation>(bench.core(), stop, bench.call(), "op_1", options));
    }
    void wait(wait_options options = {}) {
        (void)bench.start(
            testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "op_1", options));
    }
    explanation all() { return *detail::explain(bench.core()); }
    call_explanation only() {
        auto const calls = all().calls;
        EXPECT_EQ(calls.size(), 1U);
        return calls.empty() ? call_explanation{} : calls.front();
    }

    core_bench bench;
    stop_signal stop{bench.core().ending()};
};

TEST_F(explaining, nothing_finds_nothing) {
    EXPECT_TRUE(all().calls.empty());
    EXPECT_EQ(all().stats.calls, 0);
}

TEST_F(explaining, a_call_with_the_server) {
    get({.timeout = 9s});
    bench.pass(2s);
    auto const call = only();
    EXPECT_EQ(call.call, "operations.get");
    EXPECT_EQ(call.id, "op_1");
    EXPECT_EQ(call.lane, lane_kind::control);
    EXPECT_EQ(call.phase, call_phase::awaiting);
    EXPECT_EQ(call.attempt, 1U);
    EXPECT_EQ(call.in_flight, 2s);
    EXPECT_EQ(call.in_phase, 2s);
    EXPECT_EQ(call.time_left, 7s);
    EXPECT_FALSE(call.asked || call.pause_left || call.last_status || call.last_error);
    EXPECT_FALSE(call.shares_poll);
    EXPECT_EQ(call.place, 0U);
}

TEST_F(explaining, a_call_that_backs_off) {
    bench.server().then(busy());
    get();
    bench.pass(2s);
    auto call = only();
    EXPECT_EQ(call.phase, call_phase::pausing);
    EXPECT_EQ(call.pause, pause_reason::backoff);
    EXPECT_EQ(call.attempt, 1U);
    EXPECT_EQ(call.pause_left, 5s);
    ASSERT_TRUE(call.last_error);
    EXPECT_EQ(call.last_error->code, errc::server_error);
    EXPECT_EQ(call.last_error->status, 503);
    EXPECT_EQ(call.last_error->message, "overloaded");
    EXPECT_EQ(call.last_error->request_id, "req_1");
    EXPECT_EQ(call.last_error->ago, 2s);

    bench.pass(6s);
    call = only();
    EXPECT_EQ(call.phase, call_phase::awaiting);
    EXPECT_EQ(call.pause, pause_reason::none);
    EXPECT_EQ(call.attempt, 2U);
    EXPECT_EQ(call.in_phase, 1s);
    EXPECT_EQ(call.in_flight, 8s);
    ASSERT_TRUE(call.last_error);
    EXPECT_EQ(call.last_error->ago, 8s);
    EXPECT_EQ(all().stats.retries, 1);
}

TEST_F(explaining, a_wait_parked_in_its_third_slice) {
    bench.server().then(seen("queued"), 50s);
    bench.server().then(seen("running"), 50s);
    wait();
    EXPECT_FALSE(only().last_status);
    bench.pass(131s);
    auto const call = only();
    EXPECT_EQ(call.call, "operations.wait");
    EXPECT_EQ(call.lane, lane_kind::wait);
    EXPECT_EQ(call.phase, call_phase::parked);
    EXPECT_EQ(call.attempt, 3U);
    EXPECT_EQ(call.in_phase, 31s);
    EXPECT_EQ(call.asked, 50s);
    EXPECT_EQ(call.in_flight, 131s);
    EXPECT_EQ(call.last_status, durable_status::running);
    EXPECT_FALSE(call.time_left);
    auto const stats = all().stats;
    EXPECT_EQ(stats.polls, 3);
    EXPECT_EQ(stats.slices, 2);
    EXPECT_EQ(stats.early_answers + stats.wait_faults, 0);
}

TEST_F(explaining, a_wait_with_a_deadline) {
    wait({.within = 60s});
    bench.pass(20s);
    EXPECT_EQ(only().time_left, 40s);
}

TEST_F(explaining, a_wait_that_was_answered_early) {
    bench.server().then(seen("running"));
    wait();
    auto const call = only();
    EXPECT_EQ(call.phase, call_phase::pausing);
    EXPECT_EQ(call.pause, pause_reason::early_answer);
    EXPECT_GT(call.pause_left, 0ms);
    EXPECT_EQ(all().stats.early_answers, 1);
}

TEST_F(explaining, a_wait_through_an_outage_and_after_it) {
    bench.server().then(busy());
    bench.server().then(seen("running"), 50s);
    wait();
    bench.pass(1s);
    auto call = only();
    EXPECT_EQ(call.phase, call_phase::pausing);
    EXPECT_EQ(call.pause, pause_reason::backoff);
    EXPECT_EQ(call.pause_left, 6s);
    ASSERT_TRUE(call.last_error);
    EXPECT_EQ(call.last_error->message, "overloaded");

    bench.pass(60s);
    call = only();
    EXPECT_EQ(call.phase, call_phase::parked);
    EXPECT_EQ(call.attempt, 3U);
    ASSERT_TRUE(call.last_error);
    EXPECT_EQ(call.last_error->code, errc::server_error);
    EXPECT_EQ(call.last_error->status, 503);
    EXPECT_EQ(call.last_error->ago, 61s);
    EXPECT_EQ(call.last_error->message, "") << "details are not kept for ever";
    EXPECT_EQ(all().stats.wait_faults, 1);
}

TEST_F(explaining, a_request_of_the_users_own) {
    request what{"GET", "/v1/runs/r%2F1"};
    what.query("token", "secret").header("X-Secret", "secret");
    (void)bench.start(send_request(bench.core(), stop, bench.call(), what, call_options{}));
    auto const call = only();
    EXPECT_EQ(call.call, "send GET");
    EXPECT_EQ(call.id, "/v1/runs/r%2F1");
    EXPECT_THAT(to_json(all()), Not(HasSubstr("secret")));
    EXPECT_THAT(to_text(all()), Not(HasSubstr("secret")));
}

TEST_F(explaining, a_wait_that_shares_a_poll) {
    auto const now = bench.time().now();
    call_subject const subject{"operations.wait", "op_1", lane_kind::wait};
    activity poll{now};
    poll.poll(4, 50s);
    poll.enter(call_phase::awaiting, now);
    poll.saw(durable_status::dispatching);
    showing const shown{bench.call(), subject, now + 90s, poll};
    bench.pass(5s);
    EXPECT_FALSE(only().shares_poll) << "nobody else does";
    listed_call other{now};
    std::optional<showing> also{std::in_place, other, subject, now, poll};
    auto const call = only();
    also.reset();
    EXPECT_TRUE(call.shares_poll);
    EXPECT_EQ(call.phase, call_phase::parked);
    EXPECT_EQ(call.attempt, 4U);
    EXPECT_EQ(call.time_left, 85s) << "its own";
    EXPECT_EQ(call.last_status, durable_status::dispatching);
}

TEST_F(explaining, a_wait_that_waits_for_its_turn) {
    auto const now = bench.time().now();
    call_subject const subject{"operations.wait", "op_1", lane_kind::wait};
    activity told{now};
    showing const shown{bench.call(), subject, steady_time::max(), told};
    told.pause(pause_reason::pacing, now, 4s);
    bench.pass(5s);
    EXPECT_EQ(only().pause, pause_reason::pacing);
    EXPECT_EQ(only().pause_left, 0ms) << "never less than nothing";
    told.pause(pause_reason::pacing, now, 0ms);
    EXPECT_FALSE(only().pause_left) << "its length is not known";
    EXPECT_EQ(only().in_phase, 5s);
}

TEST_F(explaining, what_holds_all_waits_back) {
    bench.server().otherwise([](auto const&) {
        return testing::scripted_answer{
            testing::fault(errc::connect_failed, exchange_progress::unsent)};
    });
    wait();
    EXPECT_FALSE(all().waits.server_out_of_reach);
    bench.pass(30s);
    auto const seen = all().waits;
    EXPECT_TRUE(seen.server_out_of_reach);
    EXPECT_EQ(seen.polled, 1U);
    EXPECT_LE(seen.awaiting_turn, 1U);
}

TEST_F(explaining, shows_no_key_and_no_controls) {
    bench.server().then(busy(R"(no \u001b[31mbctrl_test_key\u0000)"));
    get();
    auto const text = to_text(all());
    EXPECT_THAT(text, HasSubstr("***"));
    EXPECT_THAT(text, Not(HasSubstr("bctrl_test_key")));
    EXPECT_THAT(to_json(all()), Not(HasSubstr("bctrl_test_key")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST_F(explaining, ends_with_the_calls) {
    bench.server().then(answer(404, "{}"), 1s);
    get();
    wait();
    EXPECT_EQ(all().calls.size(), 2U);
    bench.pass(1s);
    EXPECT_EQ(only().call, "operations.wait");
    stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_TRUE(all().calls.empty());
}

TEST_F(explaining, a_client_that_is_closing) {
    get();
    stop_signal impatience;
    bench.core().closings().spawn(bench.core().closed(5s, impatience));
    bench.pass(2s);
    EXPECT_EQ(only().phase, call_phase::awaiting);
    bench.pass(3s);
    EXPECT_TRUE(all().calls.empty());
}

/// Through the client's own door: registered once, counted, gone at the end.
TEST_F(explaining, calls_are_counted_by_how_they_end) {
    bench.server().then(seen("succeeded"));
    bench.server().then(answer(404, "{}"));
    boost::asio::cancellation_signal cancel;
    auto const begin = [&](auto handler) {
        detail::start_call<operation_wait_result>(
            detail::completion<operation_wait_result>{std::move(handler)}, bench.shared_core(),
            &testing::wait_for_end<operation>, std::string{"op_1"}, wait_options{});
        bench.settle();
    };
    int ended = 0;
    auto const handler = [&](error_code, detail::failure_report,
                             detail::handed<operation_wait_result>) { ++ended; };
    begin(handler);
    begin(handler);
    begin(boost::asio::bind_cancellation_slot(cancel.slot(), handler));
    EXPECT_EQ(ended, 2);
    EXPECT_EQ(only().phase, call_phase::parked);
    EXPECT_EQ(all().stats.calls, 1);
    EXPECT_EQ(all().stats.calls_begun(), 3);
    cancel.emit(boost::asio::cancellation_type::terminal);
    bench.settle();
    EXPECT_EQ(ended, 3);
    auto const stats = all().stats;
    EXPECT_EQ(stats.calls_succeeded, 1);
    EXPECT_EQ(stats.calls_failed, 1);
    EXPECT_EQ(stats.calls_cancelled, 1);
    EXPECT_EQ(stats.calls, 0);
    EXPECT_TRUE(all().calls.empty());
}

TEST_F(explaining, ten_thousand_calls) {
    constexpr std::size_t many = 10'000;
    for (std::size_t n = 0; n < many; ++n)
        wait();
    bench.pass(31s);
    auto const begun = std::chrono::steady_clock::now();
    auto const snapshot = all();
    auto const taken = std::chrono::steady_clock::now();
    auto const text = to_text(snapshot);
    auto const json = to_json(snapshot);
    auto const written = std::chrono::steady_clock::now();
    std::cout << "snapshot " << (taken - begun) / 1us << " us, text and JSON "
              << (written - taken) / 1us << " us, " << json.size() / many << " bytes a call\n";
    EXPECT_EQ(snapshot.calls.size(), many);
    EXPECT_THAT(text,
                HasSubstr("... and 9,990 more like this: operations.wait, parked in a slice"));
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 20);
    EXPECT_THAT(json, HasSubstr(R"("phase":"parked")"));
}

} // namespace
} // namespace bctrl
