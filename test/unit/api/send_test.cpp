#include "api/send.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl {
namespace {

using ::testing::HasSubstr;

json_text json(char const* text) {
    return *json_text::from(text);
}

TEST(fault_of, finds_none_in_what_can_be_sent) {
    for (auto const& each :
         {request{"GET", "/v1/runs"}, request{"GET", "/v1/runs"}.query("a b", "c&d=e"),
          request{"POST", "/v1/runs"}.body(json("{}")), request{"DELETE", "/v1/runs/r%2F1"},
          request{"M-SEARCH", "/"}, request{"POST", "/v1/x"}.header("X-One", "a\tb"),
          request{"POST", "/v1/x"}.idempotency_key("k 1")})
        EXPECT_EQ(fault_of(each), std::nullopt) << each.method() << " " << each.path();
}

TEST(fault_of, finds_methods_that_are_none) {
    for (auto const* method : {"", "GET ", "GE T", "GET\r\n", "G\xc3", "CONNECT", "GET/"})
        EXPECT_TRUE(fault_of(request{method, "/v1/x"})) << method;
}

TEST(fault_of, finds_paths_that_are_none) {
    for (auto const* path : {"", "v1/x", "/v1/x?a=b", "/v1/x#y", "/v1/a b", "/v1/x\r\nX: 1",
                             "/\xc3\xa4", "https://elsewhere/v1", "*", "/a\"b", "/a\\b"})
        EXPECT_TRUE(fault_of(request{"GET", path})) << path;
}

TEST(fault_of, finds_bodies_where_none_may_be) {
    EXPECT_TRUE(fault_of(request{"GET", "/v1/x"}.body(json("{}"))));
    EXPECT_TRUE(fault_of(request{"HEAD", "/v1/x"}.body(json("{}"))));
}

TEST(fault_of, finds_headers_that_cannot_be_sent) {
    for (auto const* name : {"", "X One", "X:One", "X\r\nY"})
        EXPECT_TRUE(fault_of(request{"GET", "/"}.header(name, "v"))) << name;
    for (auto const* value : {"a\r\nb", "a\nb", "\x01", "\x7f"})
        EXPECT_TRUE(fault_of(request{"GET", "/"}.header("X", value)));
    EXPECT_TRUE(fault_of(request{"POST", "/"}.idempotency_key("a\r\nX: 1")));
}

TEST(fault_of, keeps_the_clients_own_headers) {
    for (auto const* name : {"Host", "authorization", "User-Agent", "Accept", "Accept-Encoding",
                             "Content-Type", "CONTENT-LENGTH", "Transfer-Encoding", "Connection",
                             "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Idempotency-Key"})
        EXPECT_THAT(fault_of(request{"POST", "/"}.header(name, "v")).value_or(""), HasSubstr(name));
}

TEST(fault_of, does_not_repeat_what_is_wrong_in_a_header_name) {
    EXPECT_THAT(*fault_of(request{"GET", "/"}.header("X\r\nY", "v")),
                ::testing::Not(HasSubstr("\n")));
}

} // namespace
} // namespace bctrl
