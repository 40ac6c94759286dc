#include <bctrl/durable.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/open_enum.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace bctrl {
namespace {

using status = open_enum<durable_status>;

std::string branch(status const& value) {
    switch (value) {
        case durable_status::running:
            return "running";
        case durable_status::unknown:
            return "unknown";
        default:
            return "else";
    }
}

TEST(open_enum, default_is_unknown_without_text) {
    status const value;
    EXPECT_EQ(value, durable_status::unknown);
    EXPECT_EQ(value.text(), "");
}

TEST(open_enum, works_like_its_enumeration) {
    status const value = durable_status::running;
    EXPECT_TRUE(value == durable_status::running);
    EXPECT_TRUE(durable_status::running == value);
    EXPECT_TRUE(value != durable_status::failed);
    EXPECT_EQ(branch(value), "running");
    EXPECT_EQ(value.text(), "running");
}

TEST(open_enum, unknown_text_is_kept) {
    status const value{"paused"};
    EXPECT_EQ(value, durable_status::unknown);
    EXPECT_EQ(value.text(), "paused");
    EXPECT_EQ(branch(value), "unknown");
    EXPECT_NE(value, status{"Paused"});
    EXPECT_EQ(value, status{"paused"});
}

TEST(open_enum, known_text_is_the_value) {
    EXPECT_EQ(status{"running"}, status{durable_status::running});
    EXPECT_EQ(status{"RUNNING"}, durable_status::unknown) << "case matters";
}

TEST(open_enum, a_new_value_drops_the_unknown_text) {
    status value{"paused"};
    value = durable_status::failed;
    EXPECT_EQ(value.text(), "failed");
    EXPECT_EQ(value, status{durable_status::failed});
}

template <class E>
class every_enum : public testing::Test {};
using enums = testing::Types<durable_status, runtime_kind, execution_mode, step_mode, binding_type,
                             diagnostic_category, operation_step_error_code, step_error_code>;
TYPED_TEST_SUITE(every_enum, enums);

TYPED_TEST(every_enum, texts_are_distinct_and_lead_back) {
    std::set<std::string_view> texts;
    for (auto const& known : enum_texts<TypeParam>::all) {
        EXPECT_EQ(open_enum<TypeParam>{known.text}, known.value) << known.text;
        EXPECT_EQ(open_enum<TypeParam>{known.value}.text(), known.text);
        EXPECT_NE(known.value, TypeParam::unknown);
        EXPECT_TRUE(texts.insert(known.text).second) << known.text;
    }
    EXPECT_EQ(text_of(TypeParam::unknown), "");
}

} // namespace
} // namespace bctrl
