#include "wait/pacing.hpp"

#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1'000h};

class pace : public ::testing::Test {
protected:
    void faults(int times, std::optional<milliseconds> retry_after = {}) {
        for (int n = 0; n < times; ++n)
            herd.faulted(now, retry_after);
    }
    /// How many may go within `span`.
    int turns(milliseconds span, std::size_t waits) {
        int taken = 0;
        auto const end = now + span;
        while (true) {
            now = std::max(now, herd.next_turn(waits));
            if (now >= end) return taken;
            herd.turn_taken(now, now);
            ++taken;
        }
    }

    wait_policy policy;
    std::shared_ptr<randomness> chance = seeded_randomness(1);
    pacing herd{policy, *chance};
    steady_time now = start;
};

TEST_F(pace, lets_polls_that_met_no_fault_go) {
    EXPECT_FALSE(herd.must_queue(false));
    EXPECT_TRUE(herd.must_queue(true));
    EXPECT_LE(herd.next_turn(1'000), now) << "the first goes at once";
}

TEST_F(pace, brings_many_back_evenly) {
    EXPECT_NEAR(turns(25s, 1'000), 1'000, 2);
    EXPECT_NEAR(turns(25s, 100'000), 100'000, 2);
}

TEST_F(pace, makes_up_for_alarms_that_ring_late) {
    int taken = 0;
    for (auto const end = now + 25s; now < end; now += 10ms)
        for (auto due = herd.next_turn(100'000); due <= now; due = herd.next_turn(100'000)) {
            herd.turn_taken(due, now);
            ++taken;
        }
    EXPECT_NEAR(taken, 100'000, 200);
    now += 1h;
    herd.turn_taken(herd.next_turn(1'000), now);
    EXPECT_GE(herd.next_turn(1'000), now) << "a pause is not made up for";
}

TEST_F(pace, takes_any_policy_without_overflow) {
    policy.return_within = policy.probe_interval = milliseconds::max();
    pacing endless{policy, *chance};
    EXPECT_EQ(endless.next_turn(1), steady_time{} + 100ms);
    EXPECT_EQ(endless.next_turn(1'000'000), steady_time{} + 100ms);
    endless.turn_taken(now, now);
    for (int n = 0; n < 5; ++n)
        endless.faulted(now, milliseconds::max());
    EXPECT_EQ(endless.next_turn(1), steady_time::max());
}

TEST_F(pace, brings_few_back_soon) {
    EXPECT_GE(turns(1s, 5), 10);
}

TEST_F(pace, calls_the_server_out_of_reach_after_five_faults_in_a_row) {
    faults(4);
    EXPECT_FALSE(herd.out_of_reach());
    herd.answered();
    faults(4);
    EXPECT_FALSE(herd.out_of_reach());
    faults(1);
    EXPECT_TRUE(herd.out_of_reach());
    EXPECT_TRUE(herd.must_queue(false));
    herd.answered();
    EXPECT_FALSE(herd.out_of_reach());
    EXPECT_FALSE(herd.must_queue(false));
}

TEST_F(pace, knocks_once_in_an_interval_while_the_server_is_out_of_reach) {
    faults(5);
    auto const knocks = turns(10min, 1'000);
    EXPECT_LE(knocks, 580) << "clients that lost their server together knock apart";
    EXPECT_GE(knocks, 500) << "up to a fifth slower, by chance";
}

TEST_F(pace, keeps_to_what_a_server_out_of_reach_asks_for) {
    faults(5, 30s);
    EXPECT_GE(herd.next_turn(1), now + 30s);
    herd.answered();
    EXPECT_LE(herd.next_turn(1), now + 100ms);
    faults(5);
    EXPECT_LT(herd.next_turn(1), now + 30s) << "the next outage is another one";
}

TEST_F(pace, does_not_let_one_answer_hold_up_all_while_others_are_answered) {
    faults(1, 30s);
    EXPECT_LE(herd.next_turn(1), now + 100ms);
}

} // namespace
} // namespace bctrl
