#include "transport/net/race_plan.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;

class race_decisions : public ::testing::Test {
protected:
    /// What is begun at this time.
    std::vector<std::size_t> begun(milliseconds at) {
        std::vector<std::size_t> all;
        while (auto const next = plan.begin(start + at))
            all.push_back(*next);
        return all;
    }
    using numbers = std::vector<std::size_t>;

    steady_time start{1h};
    race_plan plan{3};
};

TEST_F(race_decisions, begin_the_next_when_the_last_one_is_slow) {
    EXPECT_EQ(begun(0ms), numbers{0});
    EXPECT_EQ(plan.next_at(), start + 250ms);
    EXPECT_EQ(begun(249ms), numbers{});
    EXPECT_EQ(begun(250ms), numbers{1});
    EXPECT_EQ(begun(400ms), numbers{});
    EXPECT_EQ(begun(600ms), numbers{2}) << "counted from the beginning of the last one";
    EXPECT_FALSE(plan.next_at());
    EXPECT_EQ(begun(10s), numbers{});
    EXPECT_FALSE(plan.lost()) << "three are under way";
}

TEST_F(race_decisions, begin_the_next_at_once_when_one_fails) {
    EXPECT_EQ(begun(0ms), numbers{0});
    plan.failed();
    EXPECT_EQ(begun(1ms), numbers{1});
    EXPECT_EQ(plan.next_at(), start + 251ms);
    plan.failed();
    EXPECT_EQ(begun(2ms), numbers{2});
    EXPECT_FALSE(plan.lost());
    plan.failed();
    EXPECT_TRUE(plan.lost());
}

TEST_F(race_decisions, are_over_when_the_last_of_several_fails) {
    begun(0ms);
    begun(250ms);
    begun(500ms);
    plan.failed();
    plan.failed();
    EXPECT_FALSE(plan.lost());
    plan.failed();
    EXPECT_TRUE(plan.lost());
}

TEST_F(race_decisions, wait_for_those_under_way_when_no_more_can_be_begun) {
    begun(0ms);
    EXPECT_EQ(begun(250ms), numbers{1});
    plan.failed();
    plan.begin_no_more();
    EXPECT_EQ(begun(251ms), numbers{});
    EXPECT_FALSE(plan.next_at());
    EXPECT_FALSE(plan.lost());
    plan.failed();
    EXPECT_TRUE(plan.lost());
}

TEST(race_decision, on_nothing_is_lost) {
    EXPECT_TRUE(race_plan{0}.lost());
}

} // namespace
} // namespace bctrl::net
