#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::core_bench;
using testing::fault;
using testing::seen;
using testing::test_wait;

class shared_waits : public ::testing::Test {
protected:
    test_wait begin(wait_options options = {}, std::string id = "op_1") {
        return {bench, std::move(id), options};
    }
    std::vector<std::unique_ptr<test_wait>> begin_many(int count, wait_options options = {}) {
        std::vector<std::unique_ptr<test_wait>> all;
        for (int n = 0; n < count; ++n)
            all.push_back(std::make_unique<test_wait>(bench, "op_1", options));
        return all;
    }
    std::size_t polls() { return bench.server().requests().size(); }
    int open() { return bench.server().open(); }
    milliseconds asked(std::size_t poll) {
        return *testing::asked_of(bench.server().requests().at(poll).what);
    }

    core_bench bench;
};

TEST_F(shared_waits, are_one_poll_however_many_they_are) {
    bench.server().then(seen("running"), 50s);
    bench.server().then(seen("succeeded"), 3s);
    auto const all = begin_many(1'000);
    EXPECT_EQ(open(), 1);
    bench.pass(53s);
    EXPECT_EQ(polls(), 2U);
    for (auto const& each : all) {
        ASSERT_TRUE(each->has_value());
        EXPECT_EQ(each->status(), durable_status::succeeded);
        EXPECT_EQ(each->value().operation.id, "op_1") << "each has the whole of it";
    }
}

TEST_F(shared_waits, on_different_work_do_not_share) {
    auto const one = begin();
    auto const other = begin({}, "op_2");
    EXPECT_EQ(open(), 2);
    auto const invocation_stop = std::make_unique<stop_signal>();
    auto const third = bench.start(testing::wait_for_end<invocation>(
        bench.core(), *invocation_stop, bench.call(), "op_1", wait_options{}));
    EXPECT_EQ(open(), 3) << "an invocation of the same id is other work";
}

TEST_F(shared_waits, may_refuse_to_share) {
    auto const one = begin();
    auto const own = begin({.share = false});
    EXPECT_EQ(open(), 2);
    auto const with_policy = begin({.policy = wait_policy{}});
    EXPECT_EQ(open(), 3);
    auto const sharing = begin();
    EXPECT_EQ(open(), 3);
}

TEST_F(shared_waits, keep_their_own_deadlines) {
    bench.server().otherwise([](auto const& request) {
        return testing::scripted_answer{seen("running"), *testing::asked_of(request)};
    });
    auto const longest = begin();
    auto const first = begin({.within = 70s});
    auto const second = begin({.within = 80s});
    bench.pass(69'999ms);
    EXPECT_FALSE(first.ended());
    bench.pass(1ms);
    ASSERT_TRUE(first.has_value());
    EXPECT_TRUE(first.value().timed_out_waiting);
    EXPECT_FALSE(second.ended());
    bench.pass(10s);
    ASSERT_TRUE(second.has_value());
    EXPECT_FALSE(longest.ended());
    EXPECT_EQ(polls(), 2U) << "a deadline of one of them makes no poll of its own";
}

TEST_F(shared_waits, keep_their_own_cancellation) {
    auto one = begin();
    auto other = begin();
    one.request_stop();
    bench.settle();
    ASSERT_TRUE(one.ended() && !one.has_value());
    EXPECT_EQ(one.error().code, boost::asio::error::operation_aborted);
    EXPECT_FALSE(other.ended());
    EXPECT_EQ(open(), 1);
    EXPECT_EQ(polls(), 1U);
}

TEST_F(shared_waits, close_the_poll_when_the_last_leaves) {
    auto all = begin_many(10);
    for (auto const& each : all) {
        EXPECT_EQ(open(), 1);
        each->request_stop();
        bench.settle();
    }
    EXPECT_EQ(open(), 0);
    bench.pass(1h);
    EXPECT_EQ(polls(), 1U);
}

TEST_F(shared_waits, that_come_while_the_last_leaves_get_a_poll_of_their_own_afterwards) {
    auto one = begin();
    one.request_stop();
    // The poll is told to stop, and has not ended yet.
    stop_signal stop;
    auto const next = bench.start(
        testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "op_1", wait_options{}));
    bench.settle();
    EXPECT_TRUE(one.ended());
    EXPECT_FALSE(*next);
    EXPECT_EQ(open(), 1);
    EXPECT_EQ(polls(), 2U);
}

TEST_F(shared_waits, that_come_late_take_the_poll_that_runs) {
    auto const early = begin();
    bench.pass(20s);
    auto const late = begin();
    EXPECT_EQ(polls(), 1U);
    bench.pass(20s);
    EXPECT_EQ(open(), 1);
}

TEST_F(shared_waits, that_come_late_with_little_time_see_a_state_nevertheless) {
    bench.server().otherwise([](auto const& request) {
        return testing::scripted_answer{seen("running"), *testing::asked_of(request)};
    });
    auto const early = begin();
    bench.pass(20s);
    auto const late = begin({.within = 5s});
    EXPECT_EQ(open(), 1);
    EXPECT_EQ(polls(), 2U) << "the poll in flight would have told it nothing";
    EXPECT_EQ(asked(1), 4'500ms);
    bench.pass(5s);
    ASSERT_TRUE(late.has_value());
    EXPECT_FALSE(early.ended());
}

TEST_F(shared_waits, that_come_late_with_little_time_take_a_state_that_is_known) {
    bench.server().then(seen("running"), 50s);
    auto const early = begin();
    bench.pass(60s);
    wait_account account;
    auto const late = begin({.within = 5s, .account = &account});
    bench.pass(5s);
    ASSERT_TRUE(late.has_value());
    EXPECT_TRUE(late.value().timed_out_waiting);
    EXPECT_EQ(account.last_seen_age, 15s);
    EXPECT_EQ(polls(), 2U);
}

TEST_F(shared_waits, wake_a_poll_that_nobody_had_time_for) {
    bench.server().then(seen("running"), 4'500ms);
    bench.server().then(seen("running"), 450ms);
    auto const brief = begin({.within = 5s});
    bench.pass(4'960ms);
    EXPECT_EQ(open(), 0);
    auto const patient = begin();
    EXPECT_EQ(open(), 1);
    bench.pass(40ms);
    EXPECT_TRUE(brief.has_value());
    EXPECT_FALSE(patient.ended());
}

TEST_F(shared_waits, are_refused_together_each_with_its_own_report) {
    auto const all = begin_many(3);
    bench.server().then(testing::answer(404, R"({"error":"no"})"));
    bench.pass(61s); // the first poll is lost, and repeated
    for (auto const& each : all) {
        ASSERT_TRUE(each->ended() && !each->has_value());
        EXPECT_EQ(each->error().code, errc::not_found);
    }
    EXPECT_NE(all[0]->error().details, all[1]->error().details);
}

TEST_F(shared_waits, lose_contact_each_at_its_own_time) {
    bench.server().otherwise([](auto const&) {
        return testing::scripted_answer{fault(errc::connect_failed, exchange_progress::unsent)};
    });
    auto const early = begin();
    bench.pass(200s);
    auto const late = begin();
    auto const bounded = begin({.within = 1h});
    bench.pass(100s);
    ASSERT_TRUE(early.ended());
    EXPECT_EQ(early.error().code, errc::lost_contact);
    EXPECT_FALSE(late.ended());
    bench.pass(199'999ms);
    EXPECT_FALSE(late.ended());
    bench.pass(1ms);
    ASSERT_TRUE(late.ended());
    EXPECT_EQ(late.error().code, errc::lost_contact);
    bench.pass(1h);
    ASSERT_TRUE(bounded.ended());
    EXPECT_EQ(bounded.error().code, errc::deadline_exceeded);
}

TEST_F(shared_waits, account_for_what_was_made_for_them) {
    bench.server().then(seen("running"), 50s);
    bench.server().then(testing::answer(503, "{}", {{"Retry-After", "1"}}));
    bench.server().then(testing::answer(200,
                                        R"({"timedOutWaiting":false,"operation":)" +
                                            testing::operation_text("op_1", "succeeded") + "}",
                                        {{"X-Request-Id", "req_7"}}),
                        2s);
    wait_account one;
    wait_account other;
    auto const early = begin({.account = &one});
    bench.pass(51s);
    auto const late = begin({.account = &other});
    bench.pass(10s);
    ASSERT_TRUE(early.has_value() && late.has_value());
    EXPECT_EQ(one.polls, 3U);
    EXPECT_EQ(one.faults, 1U);
    EXPECT_EQ(one.last_fault, errc::server_error);
    EXPECT_EQ(one.request_id, "req_7");
    EXPECT_TRUE(one.shared);
    EXPECT_EQ(other.polls, 1U) << "the one in flight when it came";
    EXPECT_EQ(other.faults, 0U);
}

} // namespace
} // namespace bctrl
