#include "base/optional_time.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

static_assert(sizeof(optional_time) == sizeof(steady_time));

TEST(optional_time, is_none_until_it_is_set) {
    optional_time at;
    EXPECT_FALSE(at);
    at = steady_time{5s};
    ASSERT_TRUE(at);
    EXPECT_EQ(*at, steady_time{5s});
    at.reset();
    EXPECT_FALSE(at.has_value());
}

TEST(optional_time, may_be_the_epoch_or_the_end_of_time) {
    EXPECT_TRUE(optional_time{steady_time{}}.has_value());
    EXPECT_TRUE(optional_time{steady_time::max()}.has_value());
}

TEST(optional_time, is_taken) {
    optional_time at{steady_time{1s}};
    auto const was = std::exchange(at, optional_time{});
    EXPECT_EQ(*was, steady_time{1s});
    EXPECT_FALSE(at);
}

} // namespace
} // namespace bctrl
