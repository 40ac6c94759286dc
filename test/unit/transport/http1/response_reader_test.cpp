#include "transport/http1/response_reader.hpp"

#include "answer_example.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::http1 {
namespace {

/// Feeds `text` in pieces of `step` bytes until the reader has an answer or gives up.
reading read(std::string_view text, std::size_t step, peer end = peer::stays, bool to_head = false,
             exchange_limits limits = small) {
    response_reader reader{limits, to_head};
    reading seen;
    auto const take = [&](outcome<bool, failure> const& done) {
        if (!done) seen.error = done.error().code;
        seen.complete = done && *done;
        return !done || *done;
    };
    for (std::size_t at = 0; at < text.size(); at += step)
        if (take(reader.feed(text.substr(at, step)))) break;
    if (!seen.complete && !seen.error && end != peer::stays)
        take(reader.finish(end == peer::closes));
    if (!seen.complete) return seen;
    seen.reusable = reader.leaves_connection_reusable();
    auto const answer = reader.take();
    seen.status = answer.status;
    seen.body = answer.body;
    seen.headers = answer.headers.size();
    return seen;
}

std::string interim(int count) {
    std::string text;
    for (int n = 0; n < count; ++n)
        text += "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    return text;
}

std::vector<example> const& examples() {
    using namespace std::string_literals;
    static auto const ok = "HTTP/1.1 200 OK\r\n"s;
    static auto const chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    static std::vector<example> const table{
        {"length", ok + "Content-Length: 5\r\n\r\nhello", complete(200, "hello", 1)},
        {"no_length_needed", ok + "Content-Length: 0\r\n\r\n", complete(200, "", 1)},
        {"no_reason", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", complete(200, "x", 1)},
        {"chunks", chunked + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", complete(200, "abcde", 1)},
        {"no_chunk", chunked + "0\r\n\r\n", complete(200, "", 1)},
        {"chunk_of_one", chunked + "1\r\na\r\n0\r\n\r\n", complete(200, "a", 1)},
        {"chunk_extension", chunked + "1;a=b\r\na\r\n0\r\n\r\n", complete(200, "a", 1)},
        {"trailer", chunked + "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n", complete(200, "a", 1)},
        {"until_the_end", ok + "\r\nrest", last(200, "rest", 0), peer::closes},
        {"until_the_end_empty", ok + "\r\n", last(200, "", 0), peer::closes},
        {"until_the_end_cut", ok + "\r\nrest", wrong(errc::connection_lost), peer::is_cut_off},
        {"until_the_end_open", ok + "\r\nrest", unfinished()},
        {"to_head", ok + "Content-Length: 5\r\n\r\n", complete(200, "", 1), peer::stays, true},
        {"to_head_chunked", chunked, complete(200, "", 1), peer::stays, true},
        {"no_content", "HTTP/1.1 204 No Content\r\n\r\n", complete(204, "", 0)},
        {"not_modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
         complete(304, "", 1)},
        {"interim_first", "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 1\r\n\r\nx",
         complete(200, "x", 1)},
        {"many_interim", interim(16) + ok + "Content-Length: 1\r\n\r\nx", complete(200, "x", 1)},
        {"too_many_interim", interim(17), wrong(errc::malformed_response)},
        {"other_protocol", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
         wrong(errc::malformed_response)},
        {"two_framings", ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         wrong(errc::malformed_response)},
        {"two_framings_turned",
         ok + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
         wrong(errc::malformed_response)},
        {"two_lengths", ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
         wrong(errc::malformed_response)},
        {"list_of_lengths", ok + "Content-Length: 5, 6\r\n\r\nhello",
         wrong(errc::malformed_response)},
        {"negative_length", ok + "Content-Length: -1\r\n\r\n", wrong(errc::malformed_response)},
        {"huge_length", ok + "Content-Length: 99999999999999999999\r\n\r\n",
         wrong(errc::malformed_response)},
        {"length_of_letters", ok + "Content-Length: abc\r\n\r\n", wrong(errc::malformed_response)},
        {"bad_chunk_size", chunked + "xyz\r\nabc\r\n0\r\n\r\n", wrong(errc::malformed_response)},
        {"bad_chunk_end", chunked + "3\r\nabcX\r\n0\r\n\r\n", wrong(errc::malformed_response)},
        {"huge_chunk", chunked + "ffffffffffffffff\r\nabc", wrong(errc::body_too_large)},
        {"overflowing_chunk", chunked + "fffffffffffffffff\r\nabc",
         wrong(errc::malformed_response)},
        {"body_limit_met", ok + "Content-Length: 64\r\n\r\n" + std::string(64, 'b'),
         complete(200, std::string(64, 'b'), 1)},
        {"body_limit", ok + "Content-Length: 65\r\n\r\n" + std::string(65, 'b'),
         wrong(errc::body_too_large)},
        {"body_limit_chunked",
         chunked + "40\r\n" + std::string(64, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n",
         wrong(errc::body_too_large)},
        {"body_limit_until_the_end", ok + "\r\n" + std::string(65, 'b'),
         wrong(errc::body_too_large), peer::closes},
        {"header_limit", ok + "X: " + std::string(600, 'h') + "\r\n\r\n",
         wrong(errc::header_too_large)},
        {"header_without_end", ok + "X: " + std::string(600, 'h'), wrong(errc::header_too_large)},
        {"reason_without_end", "HTTP/1.1 200 " + std::string(600, 'r'),
         wrong(errc::header_too_large)},
        {"chunk_extension_without_end", chunked + "1;" + std::string(600, 'e'),
         wrong(errc::header_too_large)},
        {"trailer_without_end", chunked + "0\r\nX: " + std::string(600, 't'),
         wrong(errc::header_too_large)},
        {"garbage", "SSH-2.0-OpenSSH_9.2\r\n", wrong(errc::malformed_response)},
        {"zero_bytes", std::string(20, '\0'), wrong(errc::malformed_response)},
        {"http_2_preface", "HTTP/2.0 200 OK\r\n\r\n", wrong(errc::malformed_response)},
        {"request", "GET / HTTP/1.1\r\n\r\n", wrong(errc::malformed_response)},
        {"status_of_letters", "HTTP/1.1 abc OK\r\n\r\n", wrong(errc::malformed_response)},
        {"header_without_colon", ok + "no colon\r\n\r\n", wrong(errc::malformed_response)},
        {"close", ok + "Connection: close\r\nContent-Length: 1\r\n\r\nx", last(200, "x", 2)},
        {"close_in_a_list", ok + "Connection: foo, Close\r\nContent-Length: 1\r\n\r\nx",
         last(200, "x", 2)},
        {"old", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", last(200, "x", 1)},
        {"old_keep_alive",
         "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx",
         complete(200, "x", 2)},
    };
    return table;
}

class response : public ::testing::TestWithParam<example> {};

TEST_P(response, in_one_piece) {
    auto const& e = GetParam();
    EXPECT_EQ(read(e.text, e.text.size(), e.end, e.to_head), e.expected);
}

TEST_P(response, in_pieces_of_any_size) {
    auto const& e = GetParam();
    for (std::size_t step = 1; step < 24; ++step)
        EXPECT_EQ(read(e.text, step, e.end, e.to_head), e.expected) << "steps of " << step;
}

TEST_P(response, in_two_pieces_cut_anywhere) {
    auto const& e = GetParam();
    for (std::size_t cut = 1; cut < e.text.size(); ++cut) {
        response_reader reader{small, e.to_head};
        auto done = reader.feed(std::string_view{e.text}.substr(0, cut));
        if (done && !*done) done = reader.feed(std::string_view{e.text}.substr(cut));
        if (done && !*done && e.end != peer::stays) done = reader.finish(e.end == peer::closes);
        EXPECT_EQ(done && *done, e.expected.complete) << "cut at " << cut;
        auto const error = done ? error_code{} : done.error().code;
        EXPECT_EQ(error, e.expected.error) << "cut at " << cut;
    }
}

INSTANTIATE_TEST_SUITE_P(all, response, ::testing::ValuesIn(examples()),
                         [](auto const& of) { return std::string{of.param.name}; });
INSTANTIATE_TEST_SUITE_P(hostile, response, ::testing::ValuesIn(hostile_examples()),
                         [](auto const& of) { return std::string{of.param.name}; });

class framed_response : public ::testing::TestWithParam<example> {};

TEST_P(framed_response, cut_short_anywhere_is_an_error) {
    auto const& text = GetParam().text;
    for (std::size_t size = 0; size < text.size(); ++size)
        for (auto const end : {peer::closes, peer::is_cut_off})
            EXPECT_EQ(read(text.substr(0, size), 7, end), wrong(errc::connection_lost)) << size;
}

std::vector<example> framed_examples() {
    std::vector<example> chosen;
    for (auto const* const table : {&examples(), &hostile_examples()})
        for (auto const& each : *table)
            if (each.expected.reusable && each.end == peer::stays && !each.to_head)
                chosen.push_back(each);
    return chosen;
}

INSTANTIATE_TEST_SUITE_P(all, framed_response, ::testing::ValuesIn(framed_examples()),
                         [](auto const& of) { return std::string{of.param.name}; });

TEST(response_reader, forbids_reuse_after_surplus_bytes) {
    std::string const text = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    EXPECT_EQ(read(text + "H", 1'000), last(200, "x", 1));
    EXPECT_EQ(read(text + text, 1'000), last(200, "x", 1));
}

TEST(response_reader, tells_whether_an_answer_has_begun) {
    response_reader reader{small, false};
    EXPECT_FALSE(reader.begun());
    ASSERT_TRUE(reader.feed(""));
    EXPECT_FALSE(reader.begun());
    ASSERT_TRUE(reader.feed("H"));
    EXPECT_TRUE(reader.begun());
}

TEST(response_reader, keeps_headers_in_order_and_case) {
    response_reader reader{small, false};
    auto const done = reader.feed(
        "HTTP/1.1 200 OK\r\nX-Two: 2\r\nx-one:  1 \r\nX-Two: 3\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(done && *done);
    auto const answer = reader.take();
    ASSERT_EQ(answer.headers.size(), 4U);
    EXPECT_EQ(answer.headers[0].name, "X-Two");
    EXPECT_EQ(answer.headers[0].value, "2");
    EXPECT_EQ(answer.header("X-ONE"), "1");
    EXPECT_EQ(answer.header("x-two"), "2");
    EXPECT_EQ(answer.header("x-none"), "");
}

TEST(response_reader, bounds_the_number_of_fields) {
    exchange_limits const four{512, 64, 4};
    std::string const head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA:\r\nA:\r\nB:\r\n";
    for (std::size_t const step : {1U, 1'000U}) {
        EXPECT_EQ(read(head + "\r\n", step, peer::stays, false, four), complete(200, "", 4));
        EXPECT_EQ(read(head + "C:\r\n\r\n", step, peer::stays, false, four),
                  wrong(errc::header_too_large));
    }
}

TEST(response_reader, keeps_nothing_of_a_trailer) {
    response_reader reader{small, false};
    auto const done = reader.feed(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        "Content-Encoding: gzip\r\nX-Request-Id: forged\r\n\r\n");
    ASSERT_TRUE(done && *done);
    auto const answer = reader.take();
    EXPECT_EQ(answer.header("content-encoding"), "");
    EXPECT_EQ(answer.request_id(), "");
}

TEST(response_reader, takes_no_line_feed_for_the_end_of_a_line) {
    EXPECT_EQ(read("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 1'000),
              wrong(errc::malformed_response));
}

TEST(response_reader, unfolds_a_field) {
    response_reader reader{small, false};
    auto const done =
        reader.feed("HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\tc\r\nContent-Length: 0\r\n\r\n");
    ASSERT_TRUE(done && *done);
    EXPECT_EQ(reader.take().header("x"), "a b c");
}

TEST(response_reader, says_which_limit_was_exceeded) {
    response_reader reader{small, false};
    auto const done = reader.feed("HTTP/1.1 200 OK\r\nContent-Length: 65\r\n\r\n");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "the body of the answer exceeds 64 bytes");
}

TEST(response_reader, reads_large_bodies) {
    exchange_limits const large{512, 8 * 1024 * 1024};
    std::string const body(4 * 1024 * 1024, 'b');
    auto const text =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    EXPECT_EQ(read(text, 16'384, peer::stays, false, large), complete(200, body, 1));
}

} // namespace
} // namespace bctrl::http1
