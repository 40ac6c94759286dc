#include "emulator/net/request_parser.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bctrl::emulator {
namespace {

using state = request_parser::state;

std::string const post =
    "POST /v1/operations/a/wait HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer k\r\n"
    "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

TEST(request_parser, takes_a_request_byte_by_byte) {
    request_parser parser;
    std::string bytes;
    for (std::size_t i = 0; i + 1 < post.size(); ++i) {
        bytes += post[i];
        ASSERT_EQ(parser.feed(bytes), state::needs_more) << i;
    }
    bytes += post.back();
    ASSERT_EQ(parser.feed(bytes), state::complete);
    auto const taken = parser.take();
    EXPECT_EQ(taken.asked.method, "POST");
    EXPECT_EQ(taken.asked.target, "/v1/operations/a/wait");
    EXPECT_EQ(taken.asked.authorization, "Bearer k");
    EXPECT_EQ(taken.asked.content_type, "application/json");
    EXPECT_EQ(taken.asked.body, "{}");
    EXPECT_TRUE(taken.keep_alive);
}

TEST(request_parser, leaves_the_next_request_alone) {
    std::string bytes = post + "GET / HTTP/1.0\r\n\r\n";
    request_parser first, second;
    ASSERT_EQ(first.feed(bytes), state::complete);
    ASSERT_EQ(second.feed(bytes), state::complete);
    EXPECT_EQ(bytes, "");
    EXPECT_FALSE(second.take().keep_alive);
}

TEST(request_parser, reads_chunks) {
    std::string bytes =
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
    request_parser parser;
    ASSERT_EQ(parser.feed(bytes), state::complete);
    EXPECT_EQ(parser.take().asked.body, "{}");
}

TEST(request_parser, notices_who_waits_for_leave_to_send) {
    std::string bytes = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    request_parser parser;
    ASSERT_EQ(parser.feed(bytes), state::needs_more);
    EXPECT_TRUE(parser.take_expectation());
    EXPECT_FALSE(parser.take_expectation());
}

unsigned status_of_fault(std::string bytes) {
    request_parser parser;
    return parser.feed(bytes) == state::failed ? parser.fault().status : 0;
}

TEST(request_parser, refuses_what_is_too_large_or_no_http) {
    EXPECT_EQ(status_of_fault("GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n"),
              431u);
    EXPECT_EQ(status_of_fault("POST / HTTP/1.1\r\nContent-Length: 8388609\r\n\r\n"), 413u);
    EXPECT_EQ(status_of_fault("\x16\x03\x01 hello\r\n\r\n"), 400u);
    EXPECT_EQ(status_of_fault(
                  "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
              400u);
}

} // namespace
} // namespace bctrl::emulator
