// How many dials a lane makes, and who is told when they fail.

#include "transport/pool/lane.hpp"

#include "scripted_dialler.hpp"
#include "support/strand_bench.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;

using acquired = outcome<lease, failure>;
using pending = testing::pending<acquired>;

class dialling_lanes : public ::testing::Test {
protected:
    ~dialling_lanes() override { bench.scope().destroy_all(); }

    void make(lane_limits limits, dial_limits dials) {
        gate = std::make_unique<dial_gate>(bench.runs_on(), dials);
        wait = make_lane(lane_kind::wait, limits, by_wait);
        control = make_lane(lane_kind::control, limits, by_control);
    }
    std::unique_ptr<lane> make_lane(lane_kind which, lane_limits limits, dialler& by) {
        return std::make_unique<lane>(bench.runs_on(), which, by, *gate, streams,
                                      lane_settings{limits, 10s, 30s, 600s});
    }
    pending acquire(lane& from) { return bench.start(from.acquire(stop, told)); }
    std::vector<pending> acquire(std::size_t count) {
        std::vector<pending> all;
        for (std::size_t n = 0; n < count; ++n)
            all.push_back(acquire(*wait));
        return all;
    }
    void fail(errc why, std::size_t n = 0) {
        by_wait.fail(why, n);
        bench.settle();
    }
    void succeed(std::size_t n = 0) {
        by_wait.succeed(n);
        bench.settle();
    }
    static std::size_t ended(std::vector<pending> const& all) {
        return static_cast<std::size_t>(std::count_if(
            all.begin(), all.end(), [](auto const& each) { return each->has_value(); }));
    }

    testing::strand_bench bench;
    stop_signal stop;
    activity told;
    stream_memory streams{1};
    testing::scripted_dialler by_wait{bench.runs_on()};
    testing::scripted_dialler by_control{bench.runs_on()};
    std::unique_ptr<dial_gate> gate;
    std::unique_ptr<lane> wait;
    std::unique_ptr<lane> control;
};

TEST_F(dialling_lanes, have_no_more_dials_under_way_than_they_may) {
    make({100, 100}, {100'000, 4});
    auto const all = acquire(20);
    EXPECT_EQ(by_wait.under_way(), 3U) << "one place is kept for control";
    for (std::size_t n = 0; n < 20; ++n)
        succeed();
    EXPECT_EQ(ended(all), 20U);
    EXPECT_EQ(by_wait.begun(), 20U);
}

TEST_F(dialling_lanes, dial_at_their_pace) {
    make({100, 100}, {10, 100});
    auto const all = acquire(25);
    EXPECT_EQ(by_wait.begun(), 10U);
    bench.pass(99ms);
    EXPECT_EQ(by_wait.begun(), 10U);
    bench.pass(1ms);
    EXPECT_EQ(by_wait.begun(), 11U);
    bench.pass(1'400ms);
    EXPECT_EQ(by_wait.begun(), 25U);
    EXPECT_EQ(bench.live().dials, 25);
}

TEST_F(dialling_lanes, let_control_go_first) {
    make({100, 100}, {10, 100});
    auto const waits = acquire(12);
    auto const first = acquire(*control);
    auto const second = acquire(*control);
    EXPECT_EQ(by_wait.begun(), 10U);
    bench.pass(200ms);
    EXPECT_EQ(by_control.begun(), 2U);
    EXPECT_EQ(by_wait.begun(), 10U);
    bench.pass(200ms);
    EXPECT_EQ(by_wait.begun(), 12U);
}

TEST_F(dialling_lanes, find_a_place_for_control_though_dials_for_waits_hang) {
    make({100, 100}, {100'000, 1});
    auto const hanging = acquire(5);
    EXPECT_EQ(by_wait.under_way(), 1U);
    auto const call = acquire(*control);
    ASSERT_EQ(by_control.under_way(), 1U);
    by_control.succeed();
    bench.settle();
    EXPECT_TRUE(*call);
}

TEST_F(dialling_lanes, spend_no_dial_on_each_of_those_who_wait_for_a_dead_server) {
    make({10'000, 10'000}, {100'000, 128});
    auto const all = acquire(1'000);
    EXPECT_EQ(by_wait.under_way(), 96U);
    while (by_wait.under_way() > 0)
        fail(errc::connect_failed);
    EXPECT_EQ(ended(all), 1'000U);
    EXPECT_EQ(by_wait.begun(), 97U) << "one more for those who came after these had begun";
    for (auto const& each : all)
        EXPECT_EQ((*each)->error().code, errc::connect_failed);
    EXPECT_EQ(wait->connections(), 0U);
}

TEST_F(dialling_lanes, let_one_failure_among_many_dials_speak_for_one) {
    make({100, 100}, {100'000, 100});
    auto const all = acquire(20);
    fail(errc::connect_failed, 7);
    EXPECT_EQ(ended(all), 1U);
    EXPECT_TRUE(*all.front()) << "the oldest is told";
    for (int n = 0; n < 19; ++n)
        succeed();
    EXPECT_EQ(ended(all), 20U);
    EXPECT_EQ(by_wait.begun(), 20U);
}

TEST_F(dialling_lanes, dial_anew_for_those_who_came_after_the_dial_that_failed_began) {
    make({1, 100}, {100'000, 100});
    auto const first = acquire(*wait);
    auto const second = acquire(*wait);
    fail(errc::resolve_failed);
    EXPECT_TRUE(*first);
    EXPECT_FALSE(*second) << "it came later, and may hear something else";
    succeed();
    ASSERT_TRUE(*second);
    EXPECT_TRUE(**second);
}

TEST_F(dialling_lanes, dial_one_after_the_other_until_the_server_is_back) {
    make({100, 100}, {100'000, 100});
    auto const first = acquire(2);
    fail(errc::connect_failed);
    fail(errc::connect_failed);
    auto const later = acquire(10);
    EXPECT_EQ(by_wait.under_way(), 1U);
    succeed();
    EXPECT_EQ(by_wait.under_way(), 9U);
}

TEST_F(dialling_lanes, wait_for_descriptors_while_they_have_connections) {
    make({100, 100}, {100'000, 100});
    auto all = acquire(3);
    succeed();
    fail(errc::too_many_descriptors);
    fail(errc::too_many_descriptors);
    EXPECT_EQ(ended(all), 1U) << "the others wait for what is open";
    EXPECT_EQ(by_wait.begun(), 3U);
    (**all[0])->keep_open();
    all[0]->reset();
    bench.settle();
    EXPECT_TRUE(*all[1]);
    EXPECT_FALSE(*all[2]);
    bench.pass(999ms);
    EXPECT_EQ(by_wait.begun(), 3U);
    bench.pass(251ms);
    EXPECT_EQ(by_wait.begun(), 4U) << "after the rest";
    succeed();
    EXPECT_TRUE(*all[2]);
}

TEST_F(dialling_lanes, tell_all_who_wait_if_no_descriptor_is_left_and_nothing_is_open) {
    make({100, 100}, {100'000, 100});
    auto const all = acquire(3);
    for (int n = 0; n < 3; ++n)
        fail(errc::too_many_descriptors);
    EXPECT_EQ(ended(all), 3U);
    EXPECT_EQ((*all[2])->error().code, errc::too_many_descriptors);
    auto const later = acquire(*wait);
    EXPECT_EQ(by_wait.under_way(), 0U) << "asking again at once would be a spin";
    bench.pass(1'250ms);
    succeed();
    ASSERT_TRUE(*later);
    EXPECT_TRUE(**later);
}

TEST_F(dialling_lanes, leave_nothing_behind_when_they_close_while_they_rest) {
    make({100, 100}, {1, 100});
    auto const all = acquire(3);
    fail(errc::too_many_descriptors);
    auto const other = acquire(*control);
    wait->close();
    control->close();
    bench.settle();
    bench.runs_on().deadlines().rest();
    EXPECT_EQ(bench.time().next_alarm(), std::nullopt);
}

} // namespace
} // namespace bctrl::pool
