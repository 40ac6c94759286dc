#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class fixed final : public randomness {
public:
    explicit fixed(std::uint64_t value) : value_{value} {}
    std::uint64_t next() override { return value_; }

private:
    std::uint64_t value_;
};

TEST(seeded_randomness, repeats_itself) {
    auto const one = seeded_randomness(7);
    auto const same = seeded_randomness(7);
    auto const other = seeded_randomness(8);
    bool differs = false;
    for (int n = 0; n < 100; ++n) {
        auto const value = one->next();
        EXPECT_EQ(value, same->next());
        differs = differs || value != other->next();
    }
    EXPECT_TRUE(differs);
}

TEST(seeded_randomness, is_the_same_on_every_machine) {
    auto const source = seeded_randomness(5489);
    EXPECT_EQ(source->next(), 14514284786278117030ULL); // the standard's own example of mt19937_64
}

TEST(system_randomness, differs_from_client_to_client) {
    EXPECT_NE(system_randomness()->next(), system_randomness()->next());
}

TEST(fraction, is_in_its_range) {
    fixed least{0};
    fixed most{~std::uint64_t{0}};
    EXPECT_EQ(fraction(least), 0.0);
    EXPECT_LT(fraction(most), 1.0);
    EXPECT_GT(fraction(most), 0.999'999);
}

TEST(jittered, is_below_what_was_given) {
    fixed least{0};
    fixed most{~std::uint64_t{0}};
    EXPECT_EQ(jittered(least, 100ms), 0ms);
    EXPECT_EQ(jittered(most, 100ms), 99ms);
    EXPECT_EQ(jittered(most, 0ms), 0ms);
    EXPECT_LT(jittered(most, milliseconds::max()), milliseconds::max());
}

TEST(jittered, fills_its_range) {
    auto const source = seeded_randomness(1);
    auto low = milliseconds::max();
    auto high = milliseconds::min();
    milliseconds sum{0};
    constexpr int draws = 10'000;
    for (int n = 0; n < draws; ++n) {
        auto const drawn = jittered(*source, 1'000ms);
        low = std::min(low, drawn);
        high = std::max(high, drawn);
        sum += drawn;
    }
    EXPECT_GE(low, 0ms);
    EXPECT_LT(low, 10ms);
    EXPECT_LT(high, 1'000ms);
    EXPECT_GT(high, 990ms);
    EXPECT_NEAR(static_cast<double>(sum.count()) / draws, 500.0, 20.0);
}

} // namespace
} // namespace bctrl
