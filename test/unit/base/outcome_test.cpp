#include "base/outcome.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

namespace bctrl {
namespace {

using number = outcome<int, std::string>;
using nothing = outcome<void, std::string>;
using owner = outcome<std::unique_ptr<int>, std::string>;

struct large {
    std::string text;
    std::array<int, 100> more{};
};
using large_outcome = outcome<large, std::string>;
static_assert(sizeof(large_outcome) <= sizeof(number), "a large value lies on the heap");
using large_failure = outcome<int, large>;
static_assert(sizeof(large_failure) <= 2 * sizeof(void*), "so does a large error");

number half(int of) {
    if (of % 2 != 0) return std::string{"odd"};
    return of / 2;
}

TEST(outcome, holds_a_value) {
    auto const made = half(4);
    ASSERT_TRUE(made);
    EXPECT_TRUE(made.has_value());
    EXPECT_EQ(*made, 2);
    EXPECT_EQ(made.value(), 2);
}

TEST(outcome, holds_an_error) {
    auto const made = half(3);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error(), "odd");
}

TEST(outcome, copies_large_values) {
    large_outcome const made{large{"a text that is too long to lie in place", {}}};
    auto copy = made;
    copy->text = "another";
    EXPECT_EQ(made->text, "a text that is too long to lie in place");
    copy = made;
    EXPECT_EQ(copy->text, made->text);
    auto const taken = *std::move(copy);
    EXPECT_EQ(taken.text, made->text);
    large_outcome const failed{std::string{"none"}};
    EXPECT_EQ(failed.error(), "none");
}

TEST(outcome, holds_large_errors) {
    large_failure failed{large{"why", {}}};
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().text, "why");
    auto const moved = std::move(failed);
    EXPECT_EQ(moved.error().text, "why");
    failed = large_failure{7};
    EXPECT_EQ(*failed, 7);
}

TEST(outcome, hands_large_values_over_where_they_lie) {
    large_outcome made{std::in_place};
    made->text = "read";
    auto const* const where = &*made;
    auto next = std::move(made).failing_with<int>();
    EXPECT_EQ(&*next, where);
    auto const taken = std::move(next).take();
    EXPECT_EQ(taken.get(), where);
    EXPECT_EQ(taken->text, "read");
}

TEST(outcome, gives_small_values_a_place_of_their_own) {
    EXPECT_EQ(*half(4).take(), 2);
}

TEST(outcome, gives_way_to_values_that_only_move) {
    owner made{std::make_unique<int>(5)};
    auto const taken = *std::move(made);
    ASSERT_TRUE(taken);
    EXPECT_EQ(*taken, 5);
    owner failed{std::string{"none"}};
    EXPECT_EQ(std::move(failed).error(), "none");
}

TEST(outcome, reaches_into_its_value) {
    outcome<std::string, int> text{std::string{"abc"}};
    EXPECT_EQ(text->size(), 3U);
    text->push_back('d');
    EXPECT_EQ(*text, "abcd");
    auto const& fixed = text;
    EXPECT_EQ(fixed->size(), 4U);
}

TEST(outcome, of_nothing_is_success_or_an_error) {
    EXPECT_TRUE(nothing{});
    nothing const failed{std::string{"why"}};
    EXPECT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error(), "why");
}

} // namespace
} // namespace bctrl
