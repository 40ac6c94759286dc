#include "wait/slice_memory.hpp"

#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1'000h};

class memory : public ::testing::Test {
protected:
    milliseconds ask(milliseconds wanted = 50s) { return slices.slice_for(wanted, now); }
    void cut(milliseconds held, std::optional<milliseconds> before = {}) {
        slices.cut(held, 90s, before, now);
    }
    /// A poll that should have been answered before it was cut.
    void cut_overdue(milliseconds held, milliseconds asked) { slices.cut(held, asked, held, now); }

    slice_memory slices;
    steady_time now = start;
};

TEST_F(memory, knows_nothing_at_first) {
    EXPECT_EQ(ask(), 50s);
    EXPECT_FALSE(slices.learned());
}

TEST_F(memory, learns_from_two_cuts_near_the_same_time) {
    cut(30s);
    EXPECT_EQ(ask(), 50s);
    cut(30'400ms, 30s);
    EXPECT_EQ(ask(), 24'320ms);
    EXPECT_EQ(ask(20s), 20s);
}

TEST_F(memory, learns_nothing_from_cuts_after_different_times) {
    cut(30s);
    cut(40s, 30s);
    cut(12s, 40s);
    cut(5'600ms, 5s);
    cut(2s, 1'600ms);
    EXPECT_FALSE(slices.learned());
}

TEST_F(memory, learns_nothing_from_what_breaks_quickly) {
    cut(200ms, 200ms);
    cut(999ms, 990ms);
    EXPECT_FALSE(slices.learned());
}

TEST_F(memory, learns_nothing_while_longer_polls_are_held) {
    slices.held(50s, now);
    now += 119s;
    cut(30s);
    cut(30s, 30s);
    EXPECT_FALSE(slices.learned());
    now += 1s;
    cut(30s, 30s);
    EXPECT_EQ(slices.learned(), 24s) << "that it was held is long ago";
}

TEST_F(memory, knows_the_usual_limit_from_one_cut) {
    cut(60s);
    EXPECT_EQ(ask(90s), 48s);
}

TEST_F(memory, stays_below_a_limit_of_a_few_seconds) {
    cut(5'010ms, 4'990ms);
    EXPECT_EQ(ask(), 4'008ms);
}

TEST_F(memory, never_falls_under_a_second) {
    cut(1'100ms, 1'100ms);
    EXPECT_EQ(ask(), 1s);
}

TEST_F(memory, learns_nothing_from_a_gateway_that_cuts_whatever_is_asked) {
    cut_overdue(5s, 1s);
    cut_overdue(5s, 4'400ms);
    EXPECT_FALSE(slices.learned());
    cut_overdue(5s, 4'500ms);
    EXPECT_EQ(slices.learned(), 4s);
}

TEST_F(memory, forgets_a_limit_that_does_not_depend_on_what_is_asked) {
    cut(5s, 5s);
    cut_overdue(3s, 1s);
    EXPECT_EQ(slices.learned(), 4s) << "cut by something else";
    cut_overdue(5s, 4s);
    EXPECT_FALSE(slices.learned());
    EXPECT_EQ(ask(), 50s);
}

TEST_F(memory, doubts_a_short_limit_after_an_hour) {
    cut(5s, 5s);
    now += 59min;
    EXPECT_EQ(ask(), 4'750ms);
    slices.held(4'750ms, now);
    now += 10min;
    EXPECT_EQ(ask(), 5'937ms);
}

TEST_F(memory, tries_longer_every_ten_minutes_below_what_was_cut) {
    cut(30s);
    cut(30s, 30s);
    now += 9min + 59s;
    EXPECT_EQ(ask(), 24s);
    now += 1s;
    EXPECT_EQ(ask(), 28'500ms);
    EXPECT_EQ(ask(), 24s) << "only one tries";
    slices.held(28'500ms, now);
    EXPECT_EQ(ask(), 28'500ms);
    now += 23h;
    EXPECT_EQ(ask(), 28'500ms) << "30 s was cut";
    now += 2h;
    EXPECT_EQ(ask(), 35'625ms) << "that was yesterday";
}

TEST_F(memory, stays_where_it_is_when_a_trial_fails) {
    cut(20s, 20s);
    EXPECT_EQ(ask(), 16s);
    now += 25h;
    EXPECT_EQ(ask(), 20s);
    cut(19'900ms);
    EXPECT_EQ(ask(), 16s);
    now += 10min;
    EXPECT_EQ(ask(), 18'905ms);
}

TEST_F(memory, follows_a_limit_that_falls) {
    cut(30s, 30s);
    cut(10s, 10s);
    EXPECT_EQ(ask(), 8s);
}

} // namespace
} // namespace bctrl
