#include <bctrl/optional_nullable.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace bctrl {
namespace {

using member = optional_nullable<std::string>;

TEST(optional_nullable, tells_three_states_apart) {
    member const absent;
    member const null = nullptr;
    member const set = "text";

    EXPECT_TRUE(absent.is_absent() && !absent.is_null() && !absent.has_value());
    EXPECT_TRUE(!null.is_absent() && null.is_null() && !null.has_value());
    EXPECT_TRUE(!set.is_absent() && !set.is_null() && set.has_value());
    EXPECT_FALSE(absent);
    EXPECT_FALSE(null);
    EXPECT_TRUE(set);

    EXPECT_NE(absent, null);
    EXPECT_NE(absent, set);
    EXPECT_NE(null, set);
    EXPECT_EQ(null, member{nullptr});
    EXPECT_EQ(set, member{"text"});
}

TEST(optional_nullable, compares_with_values) {
    member const set = "text";
    EXPECT_TRUE(set == "text");
    EXPECT_TRUE(set == std::string{"text"});
    EXPECT_TRUE(set != "other");
    member const absent;
    member const null = nullptr;
    EXPECT_FALSE(absent == "");
    EXPECT_FALSE(null == "");
    EXPECT_TRUE(null == nullptr);
    EXPECT_FALSE(absent == nullptr);
    EXPECT_FALSE(set == nullptr);
}

TEST(optional_nullable, gives_its_value) {
    member set = "text";
    EXPECT_EQ(*set, "text");
    EXPECT_EQ(set->size(), 4u);
    EXPECT_EQ(set.value(), "text");
    EXPECT_EQ(set.get_if(), &*set);
    EXPECT_EQ(set.value_or("other"), "text");
    EXPECT_EQ(member{"text"}.value_or("other"), "text");
}

TEST(optional_nullable, has_no_value_unless_set) {
    member absent;
    member null = nullptr;
    EXPECT_EQ(absent.get_if(), nullptr);
    EXPECT_EQ(null.get_if(), nullptr);
    EXPECT_EQ(absent.value_or("other"), "other");
    EXPECT_EQ(null.value_or("other"), "other");
    EXPECT_THROW(static_cast<void>(absent.value()), std::bad_variant_access);
    EXPECT_THROW(static_cast<void>(null.value()), std::bad_variant_access);
}

TEST(optional_nullable, changes_its_state) {
    member value;
    value.emplace(3u, 'x');
    EXPECT_EQ(value, "xxx");
    value = nullptr;
    EXPECT_TRUE(value.is_null());
    value = "again";
    EXPECT_EQ(value, "again");
    value.reset();
    EXPECT_TRUE(value.is_absent());
}

TEST(optional_nullable, moves_what_it_holds) {
    optional_nullable<std::unique_ptr<int>> value = std::make_unique<int>(7);
    auto const taken = *std::move(value);
    EXPECT_EQ(*taken, 7);
}

} // namespace
} // namespace bctrl
