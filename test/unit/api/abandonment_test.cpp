#include "unit/api/wait_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::seen;
using testing::test_wait;

class abandoned_waits : public ::testing::Test {
protected:
    test_wait begin(wait_options options = {}, std::string id = "op_1") {
        return {bench, std::move(id), options};
    }
    int cancels() {
        int count = 0;
        for (auto const& each : bench.server().requests())
            count += each.what.target.ends_with("/cancel") ? 1 : 0;
        return count;
    }
    /// What the server answers to cancels; polls are held.
    void answer_cancels(exchange_outcome what, milliseconds after = 0ms) {
        bench.server().otherwise([what = std::move(what), after](wire_request const& request) {
            if (!request.target.ends_with("/cancel"))
                return testing::scripted_answer{seen("running"), 24h};
            return testing::scripted_answer{what, after};
        });
    }
    client_stats stats() { return bench.core().stats(); }

    core_bench bench;
};

TEST_F(abandoned_waits, leave_the_work_alone_unless_told_otherwise) {
    auto one = begin();
    one.request_stop();
    bench.pass(1h);
    EXPECT_TRUE(one.ended());
    EXPECT_EQ(bench.server().requests().size(), 1U);
    EXPECT_EQ(one.error().details->cancel_sent, nullptr);
}

TEST_F(abandoned_waits, cancel_the_work_if_they_were_asked_to) {
    answer_cancels(answer(200, testing::operation_text("op_1", "cancelling")), 300ms);
    auto one = begin({.on_abandon = abandonment::cancel_remote});
    one.request_stop();
    bench.settle();
    ASSERT_TRUE(one.ended() && !one.has_value());
    EXPECT_EQ(one.error().code, boost::asio::error::operation_aborted);
    auto const sent = one.error().details->cancel_sent;
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->state(), remote_cancel_state::under_way) << "nobody waited for the answer";
    EXPECT_EQ(cancels(), 1);
    auto const& last = bench.server().requests().back();
    EXPECT_EQ(last.what.target, "/v1/operations/op_1/cancel");
    EXPECT_EQ(last.what.method, "POST");
    EXPECT_EQ(last.lane, lane_kind::control);
    bench.pass(300ms);
    EXPECT_EQ(sent->state(), remote_cancel_state::confirmed);
    EXPECT_EQ(stats().remote_cancels, 1);
    EXPECT_EQ(stats().remote_cancels_confirmed, 1);
}

TEST_F(abandoned_waits, repeat_the_cancel_after_a_fault) {
    answer_cancels(answer(503, "{}"));
    auto one = begin({.on_abandon = abandonment::cancel_remote});
    one.request_stop();
    bench.pass(4'999ms);
    EXPECT_GT(cancels(), 1);
    EXPECT_LE(cancels(), 4);
    bench.pass(1ms);
    EXPECT_EQ(one.error().details->cancel_sent->state(), remote_cancel_state::unanswered);
    EXPECT_EQ(stats().remote_cancels_failed, 1);
}

TEST_F(abandoned_waits, give_up_the_cancel_after_five_seconds) {
    answer_cancels(answer(200, "{}"), 1h);
    auto one = begin({.on_abandon = abandonment::cancel_remote});
    one.request_stop();
    bench.pass(4'999ms);
    EXPECT_EQ(one.error().details->cancel_sent->state(), remote_cancel_state::under_way);
    bench.pass(1ms);
    EXPECT_EQ(one.error().details->cancel_sent->state(), remote_cancel_state::unanswered);
    EXPECT_EQ(bench.server().open(), 0);
}

TEST_F(abandoned_waits, tell_that_the_cancel_was_refused) {
    answer_cancels(answer(409, R"({"error":"it has ended"})"));
    auto one = begin({.on_abandon = abandonment::cancel_remote});
    one.request_stop();
    bench.pass(1s);
    EXPECT_EQ(one.error().details->cancel_sent->state(), remote_cancel_state::refused);
    EXPECT_EQ(cancels(), 1);
}

TEST_F(abandoned_waits, cancel_once_for_all_that_leave_together) {
    answer_cancels(answer(200, "{}"), 1s);
    std::vector<std::unique_ptr<test_wait>> all;
    for (int n = 0; n < 100; ++n)
        all.push_back(std::make_unique<test_wait>(
            bench, "op_1", wait_options{.on_abandon = abandonment::cancel_remote}));
    for (auto const& each : all)
        each->request_stop();
    bench.pass(1s);
    EXPECT_EQ(cancels(), 1);
    for (auto const& each : all)
        EXPECT_EQ(each->error().details->cancel_sent->state(), remote_cancel_state::confirmed);
}

TEST_F(abandoned_waits, cancel_though_others_wait_on) {
    answer_cancels(answer(200, "{}"));
    auto one = begin({.on_abandon = abandonment::cancel_remote});
    auto const other = begin();
    one.request_stop();
    bench.pass(1s);
    EXPECT_EQ(cancels(), 1);
    EXPECT_FALSE(other.ended());
}

TEST_F(abandoned_waits, cancel_as_the_last_only_if_that_was_asked) {
    answer_cancels(answer(200, "{}"));
    wait_options const if_last{.on_abandon = abandonment::cancel_if_last};
    auto one = begin(if_last);
    auto other = begin(if_last);
    auto own = begin({.on_abandon = abandonment::cancel_if_last, .share = false});
    one.request_stop();
    bench.pass(1s);
    other.request_stop();
    bench.pass(1s);
    EXPECT_EQ(cancels(), 0) << "one waits on by itself";
    EXPECT_FALSE(other.error().details->cancel_sent);
    own.request_stop();
    bench.pass(1s);
    EXPECT_EQ(cancels(), 1);
}

TEST_F(abandoned_waits, that_end_otherwise_cancel_nothing) {
    wait_options const promised{.within = 5s, .on_abandon = abandonment::cancel_remote};
    bench.server().then(seen("running"), 4'500ms);
    auto const timed_out = begin(promised);
    bench.pass(5s);
    ASSERT_TRUE(timed_out.has_value());
    bench.server().then(seen("succeeded", "op_2"));
    auto const ended = begin(promised, "op_2");
    EXPECT_TRUE(ended.has_value());
    bench.server().then(answer(404, "{}"));
    auto const refused = begin(promised, "op_3");
    EXPECT_TRUE(refused.ended());
    auto closed = begin(promised, "op_4");
    closed.request_stop(stop_reason::closed);
    bench.pass(1h);
    EXPECT_TRUE(closed.ended());
    EXPECT_EQ(cancels(), 0);
}

} // namespace
} // namespace bctrl
