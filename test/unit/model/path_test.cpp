#include "model/path.hpp"

#include <bctrl/command_page.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace bctrl::model {
namespace {

struct segment_case {
    std::string_view id;
    std::string_view segment;
};

class segments : public testing::TestWithParam<segment_case> {};

TEST_P(segments, are_one_segment) {
    auto const& [id, segment] = GetParam();
    EXPECT_EQ(encode_segment(id), segment);
    EXPECT_EQ(operation_path(id), "/v1/operations/" + std::string{segment});
}

constexpr std::string_view with_nul{"a\0b", 3};

INSTANTIATE_TEST_SUITE_P(
    path, segments,
    testing::Values(segment_case{"c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d003",
                                 "c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d003"},
                    segment_case{"azAZ09-._~", "azAZ09-._~"}, segment_case{".", "%2E"},
                    segment_case{"..", "%2E%2E"}, segment_case{"...", "..."},
                    segment_case{".a", ".a"}, segment_case{"a/b", "a%2Fb"},
                    segment_case{"../x", "..%2Fx"}, segment_case{"/", "%2F"},
                    segment_case{"a?b#c", "a%3Fb%23c"}, segment_case{"a b+c", "a%20b%2Bc"},
                    segment_case{"100%", "100%25"}, segment_case{"%2F", "%252F"},
                    segment_case{"a\\b", "a%5Cb"}, segment_case{"\r\nX: y", "%0D%0AX%3A%20y"},
                    segment_case{with_nul, "a%00b"}, segment_case{"\xC3\xA4", "%C3%A4"},
                    segment_case{"\xFF\x7F", "%FF%7F"},
                    segment_case{";=&,@:!$'()*[]", "%3B%3D%26%2C%40%3A%21%24%27%28%29%2A%5B%5D"}));

TEST(path, names_every_endpoint) {
    EXPECT_EQ(operation_path("a"), "/v1/operations/a");
    EXPECT_EQ(operation_wait_path("a"), "/v1/operations/a/wait");
    EXPECT_EQ(operation_cancel_path("a"), "/v1/operations/a/cancel");
    EXPECT_EQ(invocation_path("a"), "/v1/invocations/a");
    EXPECT_EQ(invocation_wait_path("a"), "/v1/invocations/a/wait");
    EXPECT_EQ(invocation_cancel_path("a"), "/v1/invocations/a/cancel");
    EXPECT_EQ(run_commands_path("a", commands_query{}), "/v1/runs/a/commands");
}

TEST(path, has_no_place_for_an_empty_id) {
    EXPECT_FALSE(operation_path(""));
    EXPECT_FALSE(operation_wait_path(""));
    EXPECT_FALSE(operation_cancel_path(""));
    EXPECT_FALSE(invocation_path(""));
    EXPECT_FALSE(invocation_wait_path(""));
    EXPECT_FALSE(invocation_cancel_path(""));
    EXPECT_FALSE(run_commands_path("", commands_query{}.limit(1)));
}

struct query_case {
    commands_query query;
    std::string_view expected;
};

class queries : public testing::TestWithParam<query_case> {};

TEST_P(queries, are_written_as_set) {
    auto const& [query, expected] = GetParam();
    EXPECT_EQ(run_commands_path("r/1", query), "/v1/runs/r%2F1/commands" + std::string{expected});
}

INSTANTIATE_TEST_SUITE_P(
    path, queries,
    testing::Values(
        query_case{commands_query{}, ""}, query_case{commands_query{}.limit(50), "?limit=50"},
        query_case{commands_query{}.limit(-1), "?limit=-1"},
        query_case{commands_query{}.cursor(""), "?cursor="},
        query_case{commands_query{}.cursor("eyJzIjoxMH0="), "?cursor=eyJzIjoxMH0%3D"},
        query_case{commands_query{}.cursor("a&limit=1"), "?cursor=a%26limit%3D1"},
        query_case{commands_query{}.order(sort_order::asc), "?order=asc"},
        query_case{commands_query{}.order(sort_order::desc), "?order=desc"},
        query_case{commands_query{}.status("failed").status(durable_status::timed_out),
                   "?status=failed&status=timed_out"},
        query_case{
            commands_query{}.execution_mode(execution_mode::inline_).execution_mode("odd one"),
            "?executionMode=inline&executionMode=odd%20one"},
        query_case{commands_query{}.include("a").include("b,c"), "?include=a&include=b%2Cc"},
        query_case{
            commands_query{}
                .include("steps")
                .execution_mode("durable")
                .status("failed")
                .order(sort_order::desc)
                .limit(5)
                .cursor("."),
            "?cursor=.&limit=5&order=desc&status=failed&executionMode=durable&include=steps"}));

} // namespace
} // namespace bctrl::model
