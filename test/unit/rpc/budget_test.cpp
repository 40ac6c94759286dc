#include "rpc/budget.hpp"

#include <gtest/gtest.h>

namespace bctrl::rpc {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1'000h};

int taken(budget& from, steady_time now) {
    int count = 0;
    while (count < 1'000 && from.take(now))
        ++count;
    return count;
}

TEST(budgets, are_full_at_first) {
    budget b{{.tokens = 10, .per_call = 0, .per_second = 0}, start};
    EXPECT_EQ(taken(b, start), 10);
    EXPECT_EQ(taken(b, start + 24h), 0);
}

TEST(budgets, fill_with_calls_that_succeed) {
    budget b{{.tokens = 10, .per_call = 0.25, .per_second = 0}, start};
    taken(b, start);
    for (int n = 0; n < 8; ++n)
        b.call_succeeded();
    EXPECT_EQ(taken(b, start), 2);
}

TEST(budgets, fill_with_time) {
    budget b{{.tokens = 10, .per_call = 0, .per_second = 2}, start};
    taken(b, start);
    EXPECT_FALSE(b.take(start + 400ms));
    EXPECT_TRUE(b.take(start + 500ms));
    EXPECT_EQ(taken(b, start + 24h), 10) << "never more than it holds";
}

TEST(budgets, of_nothing_allow_no_retry) {
    budget b{{.tokens = 0}, start};
    EXPECT_FALSE(b.take(start + 1h));
}

} // namespace
} // namespace bctrl::rpc
