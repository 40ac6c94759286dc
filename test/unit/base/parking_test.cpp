#include "base/parking.hpp"

#include "support/strand_bench.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::strand_bench;

class parked : public ::testing::Test {
protected:
    ~parked() override { bench.scope().destroy_all(); }

    /// Notes what came of it each time it goes on.
    task<> wait_there() {
        auto const woken = co_await place;
        events.push_back(woken ? "woken" : "stopped");
    }
    task<> wait_within() {
        parking own{bench.runs_on(), stop};
        auto const woken = co_await own;
        events.push_back(woken ? "woken" : "stopped");
    }
    task<> sleep(milliseconds by) {
        sleep_until rest{bench.runs_on(), bench.time().now() + by, stop};
        auto const rested = co_await rest;
        events.push_back(rested ? "rested" : "stopped");
    }
    task<> take_turns(std::string name) {
        for (int turn = 0; turn < 2; ++turn) {
            events.push_back(name);
            next_turn pause{bench.runs_on()};
            co_await pause;
        }
    }
    void begin(task<> work) {
        bench.scope().spawn(std::move(work));
        bench.settle();
    }

    using list = std::vector<std::string>;
    list events;
    strand_bench bench;
    stop_signal stop;
    parking place{bench.runs_on(), stop};
};

TEST_F(parked, goes_on_when_woken_but_not_within_the_call) {
    begin(wait_there());
    place.wake();
    EXPECT_TRUE(events.empty());
    bench.settle();
    EXPECT_EQ(events, list{"woken"});
}

TEST_F(parked, goes_on_when_stopped_but_not_within_the_call) {
    begin(wait_there());
    stop.request(stop_reason::cancelled);
    EXPECT_TRUE(events.empty());
    bench.settle();
    EXPECT_EQ(events, list{"stopped"});
}

TEST_F(parked, goes_on_once_when_stopped_and_woken_in_one_turn) {
    begin(wait_there());
    stop.request(stop_reason::cancelled);
    place.wake();
    place.wake();
    bench.settle();
    EXPECT_EQ(events, list{"woken"}) << "what it waited for has arrived";
    bench.settle();
    EXPECT_EQ(events.size(), 1U);
}

TEST_F(parked, does_not_park_when_woken_before) {
    place.wake();
    begin(wait_there());
    EXPECT_EQ(events, list{"woken"});
}

TEST_F(parked, does_not_park_when_stopped_before) {
    stop.request(stop_reason::deadline);
    begin(wait_there());
    EXPECT_EQ(events, list{"stopped"});
}

TEST_F(parked, waking_afterwards_does_nothing) {
    begin(wait_there());
    place.wake();
    bench.settle();
    place.wake();
    stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(events.size(), 1U);
}

TEST_F(parked, frame_may_be_destroyed) {
    begin(wait_within());
    begin(sleep(1s));
    bench.scope().destroy_all();
    stop.request(stop_reason::cancelled);
    bench.pass(2s);
    EXPECT_TRUE(events.empty());
}

TEST_F(parked, frame_may_be_destroyed_when_it_is_due) {
    begin(sleep(1s));
    stop.request(stop_reason::cancelled);
    bench.scope().destroy_all();
    bench.settle();
    EXPECT_TRUE(events.empty());
}

TEST_F(parked, sleep_ends_at_its_time) {
    begin(sleep(10ms));
    bench.pass(9ms);
    EXPECT_TRUE(events.empty());
    bench.pass(1ms);
    EXPECT_EQ(events, list{"rested"});
}

TEST_F(parked, sleep_ends_early_when_stopped) {
    begin(sleep(1h));
    stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(events, list{"stopped"});
    bench.pass(2h);
    EXPECT_EQ(events.size(), 1U);
}

TEST_F(parked, sleep_does_not_begin_when_stopped_before) {
    stop.request(stop_reason::cancelled);
    begin(sleep(1h));
    EXPECT_EQ(events, list{"stopped"});
}

TEST_F(parked, sleep_until_the_past_ends_without_time_passing) {
    begin(sleep(-1h));
    EXPECT_EQ(events, list{"rested"});
}

TEST_F(parked, sleepers_end_in_order) {
    stop_signal other;
    begin(sleep(20ms));
    stop_at limit{other, stop_reason::timeout};
    limit.set(bench.runs_on(), bench.time().now() + 10ms);
    bench.pass(10ms);
    EXPECT_EQ(other.reason(), stop_reason::timeout);
    EXPECT_TRUE(events.empty());
    bench.pass(10ms);
    EXPECT_EQ(events, list{"rested"});
}

TEST_F(parked, stop_at_can_be_moved_and_dropped) {
    stop_signal signal;
    {
        stop_at limit{signal, stop_reason::deadline};
        limit.set(bench.runs_on(), bench.time().now() + 10ms);
        limit.set(bench.runs_on(), bench.time().now() + 30ms);
        bench.pass(20ms);
        EXPECT_FALSE(signal.requested());
    }
    bench.pass(1h);
    EXPECT_FALSE(signal.requested());
}

TEST_F(parked, turns_are_taken_in_order) {
    bench.scope().spawn(take_turns("a"));
    bench.scope().spawn(take_turns("b"));
    bench.settle();
    EXPECT_EQ(events, (list{"a", "b", "a", "b"}));
}

TEST_F(parked, nothing_is_resumed_after_the_scheduler_has_shut_down) {
    begin(wait_there());
    bench.runs_on().shut_down();
    place.wake();
    stop.request(stop_reason::closed);
    bench.settle();
    EXPECT_TRUE(events.empty());
}

} // namespace
} // namespace bctrl
