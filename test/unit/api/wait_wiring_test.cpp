#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::scripted_answer;
using testing::seen;
using testing::test_wait;

/// What a wait does with what its parts have decided.
class wiring_of_waits : public ::testing::Test {
protected:
    void answer_all(exchange_outcome what) {
        bench.server().otherwise(
            [what = std::move(what)](auto const&) { return scripted_answer{what}; });
    }
    void answer_held() {
        bench.server().otherwise([](auto const& request) {
            return scripted_answer{seen("running", testing::id_of(request)),
                                   testing::asked_of(request).value_or(0ms)};
        });
    }
    /// Lets a wait meet faults until its server counts as out of reach.
    std::unique_ptr<test_wait> lose_the_server(exchange_outcome what) {
        answer_all(std::move(what));
        auto made = std::make_unique<test_wait>(bench, "lost", wait_options{});
        while (!bench.core().waits().gate().out_of_reach())
            bench.pass(100ms);
        return made;
    }
    exchange_outcome refused_connection() const {
        return fault(errc::connect_failed, exchange_progress::unsent);
    }
    int requests_for(std::string_view id) {
        auto const& all = bench.server().requests();
        return static_cast<int>(std::count_if(all.begin(), all.end(), [id](auto const& each) {
            return testing::id_of(each.what) == id;
        }));
    }
    /// Waits for the same work a second time, in the moment in which the first wait ends.
    task<> wait_twice(wait_options first, int& ended) {
        for (auto const& options : {first, wait_options{}}) {
            auto wait =
                testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "op_1", options);
            auto const end = co_await wait;
            ++ended;
        }
    }

    core_bench bench;
    stop_signal stop;
};

TEST_F(wiring_of_waits, begins_no_poll_when_its_turn_comes_as_the_last_leaves) {
    auto const lost = lose_the_server(answer(503, "{}", {{"Retry-After", "30"}}));
    // Out of reach since the last answer: the next turn comes thirty seconds after it.
    auto const turn = bench.server().requests().back().at + 30s;
    auto ended = 0;
    wait_options const until_then{.within =
                                      std::chrono::floor<milliseconds>(turn - bench.time().now())};
    bench.core().calls().spawn(wait_twice(until_then, ended));
    bench.pass(*until_then.within);
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(requests_for("op_1"), 0);
    stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(ended, 2);
}

TEST_F(wiring_of_waits, asks_a_server_out_of_reach_for_short_polls_only) {
    auto const lost = lose_the_server(refused_connection());
    answer_held();
    auto const before = bench.server().requests().size();
    bench.pass(30s);
    auto const& requests = bench.server().requests();
    ASSERT_GT(requests.size(), before + 1);
    EXPECT_LE(*testing::asked_of(requests[before].what), wait_policy{}.probe_interval);
    EXPECT_EQ(*testing::asked_of(requests[before + 1].what), 50s);
}

TEST_F(wiring_of_waits, spreads_the_ends_of_slices) {
    answer_held();
    test_wait const one{bench, "op_1", {}};
    test_wait const other{bench, "op_2", {}};
    auto const& requests = bench.server().requests();
    EXPECT_EQ(*testing::asked_of(requests.at(0).what), 50s) << "a single one needs none";
    EXPECT_LT(*testing::asked_of(requests.at(1).what), 50s);
}

TEST_F(wiring_of_waits, that_join_in_a_pause_neither_end_it_nor_count_the_poll_before) {
    bench.server().then(answer(503, "{}", {{"Retry-After", "30"}}));
    test_wait const first{bench, "op_1", {}};
    bench.pass(1s);
    test_wait const hasty{bench, "op_1", {.within = 5s}};
    wait_account account;
    bench.server().then(seen("succeeded"));
    test_wait const late{bench, "op_1", {.account = &account}};
    EXPECT_EQ(requests_for("op_1"), 1);
    bench.pass(30s);
    ASSERT_TRUE(late.has_value());
    EXPECT_EQ(account.polls, 1U);
    EXPECT_EQ(account.faults, 0U);
}

TEST_F(wiring_of_waits, learns_from_cuts_though_other_answers_come_early) {
    bench.server().otherwise([](wire_request const& request) {
        if (testing::id_of(request) == "early") return scripted_answer{seen("running", "early")};
        auto const asked = testing::asked_of(request).value_or(0ms);
        if (asked <= 20s) return scripted_answer{seen("running", "cut"), asked};
        return scripted_answer{answer(504, "{}"), 20s};
    });
    test_wait const early{bench, "early", {}};
    test_wait const cut{bench, "cut", {}};
    bench.pass(90s);
    ASSERT_TRUE(bench.core().waits().slices().learned());
    EXPECT_LE(*bench.core().waits().slices().learned(), 16s);
}

TEST_F(wiring_of_waits, takes_an_answer_that_there_is_no_long_poll_for_contact) {
    answer_all(refused_connection());
    test_wait const wait{bench, "op_1", {}};
    bench.pass(280s);
    bench.server().otherwise([this](wire_request const& request) {
        if (request.method == "POST") return scripted_answer{answer(501, "{}")};
        return scripted_answer{refused_connection()};
    });
    bench.pass(100s);
    EXPECT_FALSE(wait.ended());
    bench.pass(300s);
    ASSERT_TRUE(wait.ended() && !wait.has_value());
    EXPECT_EQ(wait.error().code, errc::lost_contact);
}

TEST_F(wiring_of_waits, takes_a_refusal_for_an_answer_of_a_server_out_of_reach) {
    auto const lost = lose_the_server(refused_connection());
    answer_all(answer(404, "{}"));
    bench.pass(30s);
    EXPECT_TRUE(lost->ended());
    EXPECT_FALSE(bench.core().waits().gate().out_of_reach());
}

TEST_F(wiring_of_waits, takes_an_end_for_an_answer_of_a_server_out_of_reach) {
    auto const lost = lose_the_server(refused_connection());
    answer_all(seen("succeeded", "lost"));
    bench.pass(30s);
    EXPECT_TRUE(lost->has_value());
    EXPECT_FALSE(bench.core().waits().gate().out_of_reach());
}

TEST_F(wiring_of_waits, are_held_back_together_no_longer_than_one_would_be) {
    auto const lost = lose_the_server(answer(503, "{}", {{"Retry-After", "3600"}}));
    test_wait const other{bench, "other", {}};
    bench.pass(61s);
    EXPECT_GE(requests_for("other") + requests_for("lost"), 6);
}

TEST_F(wiring_of_waits, let_the_others_go_when_the_server_answers_again) {
    auto const lost = lose_the_server(answer(503, "{}", {{"Retry-After", "60"}}));
    test_wait const other{bench, "other", {}};
    EXPECT_EQ(requests_for("other"), 0);
    bench.core().waits().gate().answered();
    bench.pass(100ms);
    EXPECT_EQ(requests_for("other"), 1);
}

TEST_F(wiring_of_waits, do_not_join_what_has_just_ended) {
    answer_all(seen("succeeded"));
    auto ended = 0;
    for (int n = 0; n < 3; ++n)
        bench.core().calls().spawn(wait_twice({}, ended));
    bench.pass(1s);
    EXPECT_EQ(ended, 6);
}

TEST_F(wiring_of_waits, share_though_one_that_does_not_came_first) {
    test_wait const own{bench, "op_1", {.share = false}};
    test_wait const open{bench, "op_1", {}};
    test_wait const joining{bench, "op_1", {}};
    EXPECT_EQ(bench.server().open(), 2);
}

TEST_F(wiring_of_waits, keep_an_end_that_comes_with_their_cancellation) {
    bench.server().then(seen("succeeded"), 1s);
    auto const end_and_stop_the_other = [this]() -> task<> {
        stop_signal never;
        auto wait = testing::wait_for_end<operation>(bench.core(), never, bench.call(), "op_1",
                                                     wait_options{});
        auto const end = co_await wait;
        stop.request(stop_reason::cancelled);
    };
    bench.core().calls().spawn(end_and_stop_the_other());
    bench.settle();
    auto const other = bench.start(
        testing::wait_for_end<operation>(bench.core(), stop, bench.call(), "op_1",
                                         wait_options{.on_abandon = abandonment::cancel_remote}));
    bench.pass(1s);
    ASSERT_TRUE(stop.requested() && *other);
    EXPECT_TRUE((*other)->has_value());
    EXPECT_EQ(bench.core().stats().remote_cancels, 0);
}

TEST(waits_and_the_retry_budget, have_nothing_to_do_with_each_other) {
    auto config = testing::config_of_nowhere();
    config.retries_in_all = {.tokens = 1, .per_call = 1, .per_second = 0};
    core_bench bench{config};
    stop_signal stop;
    auto const failing_get = [&] {
        auto const before = bench.server().requests().size();
        bench.server().then(answer(503, "{}"));
        bench.server().then(answer(503, "{}"));
        auto const end = bench.start(get_resource<operation>(
            bench.core(), stop, bench.call(), "op_1", {.retry = retry_policy{.attempts = 2}}));
        bench.pass(10s);
        EXPECT_TRUE(*end);
        bench.server().forget_the_rest();
        return bench.server().requests().size() - before;
    };
    EXPECT_EQ(failing_get(), 2U) << "takes the only token";
    bench.server().then(answer(503, "{}", {{"Retry-After", "1"}}));
    bench.server().then(seen("running"), 50s);
    bench.server().then(seen("succeeded"), 1s);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(60s);
    ASSERT_TRUE(wait.has_value()) << "its polls need none";
    EXPECT_EQ(failing_get(), 1U) << "and bring none";
}

TEST_F(wiring_of_waits, that_were_answered_since_tell_no_fault) {
    bench.server().then(answer(503, "{}", {{"Retry-After", "1"}}));
    bench.server().then(seen("running"), 50s);
    test_wait wait{bench, "op_1", {}};
    bench.pass(60s);
    wait.request_stop();
    bench.settle();
    ASSERT_TRUE(wait.ended() && !wait.has_value());
    EXPECT_EQ(wait.error().code, boost::asio::error::operation_aborted);
    EXPECT_FALSE(wait.error().details->cause);
    EXPECT_EQ(wait.error().details->status, 0);
}

TEST_F(wiring_of_waits, take_their_cancels_along_when_the_client_is_abandoned) {
    test_wait wait{bench, "op_1", {.on_abandon = abandonment::cancel_remote}};
    wait.request_stop();
    bench.settle();
    EXPECT_EQ(bench.server().open(), 1);
    bench.core().abandon();
    bench.settle();
    EXPECT_EQ(bench.server().open(), 0);
    EXPECT_EQ(wait.error().details->cancel_sent->state(), remote_cancel_state::unanswered);
}

TEST_F(wiring_of_waits, bound_their_cancel_as_their_own_policy_says) {
    wait_policy policy;
    policy.abandon_timeout = 1s;
    test_wait wait{bench, "op_1", {.policy = policy, .on_abandon = abandonment::cancel_remote}};
    wait.request_stop();
    bench.pass(999ms);
    EXPECT_EQ(bench.server().open(), 1);
    bench.pass(1ms);
    EXPECT_EQ(bench.server().open(), 0);
}

} // namespace
} // namespace bctrl
