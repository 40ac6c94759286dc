#include <bctrl/command_page.hpp>
#include <bctrl/durable.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <type_traits>

namespace bctrl {
namespace {

TEST(durable_status, only_four_are_endings) {
    for (auto const& known : enum_texts<durable_status>::all) {
        bool const expected = known.text == "succeeded" || known.text == "failed" ||
                              known.text == "cancelled" || known.text == "timed_out";
        EXPECT_EQ(is_terminal(known.value), expected) << known.text;
    }
    EXPECT_FALSE(is_terminal(durable_status::unknown));
    EXPECT_FALSE(is_terminal(static_cast<durable_status>(99)));
}

TEST(durable_status, unknown_text_is_no_ending) {
    operation seen;
    seen.status = open_enum<durable_status>{"archived"};
    EXPECT_FALSE(is_terminal(seen.status));
    seen.status = durable_status::failed;
    EXPECT_TRUE(is_terminal(seen.status));
}

TEST(model, command_is_an_invocation) {
    EXPECT_TRUE((std::is_same_v<command, invocation>));
}

TEST(model, moves_without_throwing) {
    EXPECT_TRUE(std::is_nothrow_move_constructible_v<operation>);
    EXPECT_TRUE(std::is_nothrow_move_constructible_v<invocation>);
    EXPECT_TRUE(std::is_nothrow_move_constructible_v<operation_step_result>);
    EXPECT_TRUE(std::is_nothrow_move_constructible_v<step_result>);
}

TEST(model, equality_looks_at_every_level) {
    operation left;
    left.id = "op";
    left.result.emplace().steps.emplace_back().error.emplace().message = "no";
    auto right = left;
    EXPECT_EQ(left, right);

    right.result->steps[0].error->message = "yes";
    EXPECT_NE(left, right);

    right = left;
    right.other_members.push_back({"extra", *json_text::from("1")});
    EXPECT_NE(left, right);

    right = left;
    right.progress = nullptr;
    EXPECT_NE(left, right) << "absent and null differ";
}

} // namespace
} // namespace bctrl
