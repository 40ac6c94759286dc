#include "transport/pool/dial_pace.hpp"

#include <gtest/gtest.h>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;

constexpr auto control = lane_kind::control;
constexpr auto wait = lane_kind::wait;
constexpr steady_time start{1000h};

bool may_begin(dial_pace const& pace, lane_kind which, steady_time now) {
    auto const next = pace.next(which);
    return next && *next <= now;
}

/// Begins and ends dials as long as they may begin.
int run(dial_pace& pace, lane_kind which, steady_time now) {
    int made = 0;
    for (; may_begin(pace, which, now) && made < 10'000; ++made) {
        pace.begun(which, now);
        pace.ended(which);
    }
    return made;
}

TEST(dial_pace, lets_a_second_of_dials_begin_together_and_the_others_evenly) {
    dial_pace pace{{100, 8}, start};
    EXPECT_EQ(run(pace, wait, start), 100);
    EXPECT_EQ(pace.next(wait), start + 10ms);
    EXPECT_EQ(run(pace, wait, start + 9ms), 0);
    EXPECT_EQ(run(pace, wait, start + 10ms), 1);
    EXPECT_EQ(run(pace, wait, start + 60ms), 5);
    EXPECT_EQ(run(pace, wait, start + 24h), 100) << "no more than a second's worth is kept";
}

TEST(dial_pace, is_one_of_all_lanes) {
    dial_pace pace{{100, 8}, start};
    EXPECT_EQ(run(pace, wait, start), 100);
    EXPECT_EQ(run(pace, control, start), 0);
}

TEST(dial_pace, takes_any_number) {
    dial_pace slowest{{1, 8}, start};
    EXPECT_EQ(run(slowest, wait, start), 1);
    EXPECT_EQ(run(slowest, wait, start + 1s), 1);
    dial_pace none{{static_cast<std::size_t>(-1), static_cast<std::size_t>(-1)}, start};
    EXPECT_EQ(run(none, wait, start), 10'000);
}

TEST(dial_pace, bounds_the_dials_under_way_and_keeps_a_quarter_for_control) {
    struct {
        std::size_t at_once;
        std::size_t of_waits;   ///< dials that waits may have
        std::size_t of_control; ///< and those that others may have beside them
    } const table[] = {{128, 96, 32}, {8, 6, 2}, {4, 3, 1}, {3, 3, 1}, {1, 1, 1}};
    for (auto const& [at_once, of_waits, of_control] : table) {
        dial_pace pace{{100'000, at_once}, start};
        for (std::size_t n = 0; n < of_waits; ++n) {
            ASSERT_TRUE(may_begin(pace, wait, start)) << at_once << ", " << n;
            pace.begun(wait, start);
        }
        EXPECT_EQ(pace.next(wait), std::nullopt) << at_once;
        for (std::size_t n = 0; n < of_control; ++n) {
            ASSERT_TRUE(may_begin(pace, control, start)) << at_once << ", " << n;
            pace.begun(control, start);
        }
        EXPECT_EQ(pace.next(control), std::nullopt) << at_once;
        pace.ended(wait);
        EXPECT_EQ(may_begin(pace, wait, start), of_waits + of_control <= at_once) << at_once;
    }
}

TEST(dial_pace, lets_control_use_all_places) {
    dial_pace pace{{100'000, 8}, start};
    for (int n = 0; n < 8; ++n) {
        ASSERT_TRUE(may_begin(pace, control, start));
        pace.begun(control, start);
    }
    EXPECT_FALSE(pace.next(control));
    EXPECT_FALSE(pace.next(wait));
}

} // namespace
} // namespace bctrl::pool
