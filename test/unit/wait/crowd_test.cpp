#include "wait/crowd.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr auto for_ever = milliseconds::max();
constexpr auto any_number = std::numeric_limits<std::size_t>::max();

TEST(crowd, decides_how_work_is_looked_at) {
    struct {
        char const* when;
        crowd now;
        bool seen;
        bool held;
        milliseconds most;
    } const table[] = {
        {"nothing is polled", {0, 10}, true, true, for_ever},
        {"there is room for many more", {750, 1'000}, true, true, for_ever},
        {"a quarter of the places is left", {751, 1'000}, true, true, 20s},
        {"every place is taken", {1'000, 1'000}, true, true, 20s},
        {"every place is taken, by work that nobody has seen", {1'000, 1'000}, false, true, 20s},
        {"one has to queue", {1'001, 1'000}, true, true, 19'980ms},
        {"one has to queue that nobody has seen", {1'001, 1'000}, false, false, 0ms},
        {"twice as many as places", {2'000, 1'000}, true, true, 10s},
        {"twenty times as many", {20'000, 1'000}, true, true, 1s},
        {"one more, and polls are not worth while", {20'001, 1'000}, true, false, 0ms},
        {"very many over one connection", {1'000'000, 1}, true, false, 0ms},
        {"three quarters of the places are held for long", {1'000, 100, 75}, true, false, 0ms},
        {"some places are held for long", {150, 100, 50}, true, true, 10s},
        {"all places but one are held for long", {101, 100, 99}, true, true, 10s},
        {"there are fewer places than there were", {101, 10, 20}, true, false, 0ms},
        {"places without number", {1'000'000, any_number}, false, true, for_ever},
        {"one place, one piece of work", {1, 1}, false, true, 20s},
    };
    for (auto const& [when, now, seen, held, most] : table) {
        auto const next = next_look(now, 20s, seen);
        EXPECT_EQ(next.held, held) << when;
        EXPECT_EQ(next.most, most) << when;
    }
}

TEST(crowd, takes_any_number_for_the_time) {
    EXPECT_FALSE(next_look({3, 1}, 1ms, true).held);
    auto const longest = next_look({3, 2}, for_ever, true);
    EXPECT_TRUE(longest.held);
    EXPECT_GT(longest.most, for_ever / 2);
}

/// A whole round of turns takes the promised time.
TEST(crowd, shares_the_time_evenly) {
    for (std::size_t works = 101; works <= 2'000; works += 37) {
        auto const next = next_look({works, 100}, 20s, true);
        ASSERT_TRUE(next.held) << works;
        auto const round =
            static_cast<double>(next.most.count()) * static_cast<double>(works) / 100;
        EXPECT_LE(round, 20'000) << works;
        EXPECT_GE(round, 19'900) << works;
    }
}

} // namespace
} // namespace bctrl
