#include "transport/content_encoding.hpp"

#include "support/gzip.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

using testing::gzip;
using ::testing::HasSubstr;

constexpr std::size_t most = 4096;
std::string const document = R"({"id":"op_1","status":"running"})";

wire_response answer_of(std::string body, std::string const& encoding = "gzip", int status = 200) {
    auto const size = std::to_string(body.size());
    return {status,
            {{"Content-Type", "application/json"},
             {"content-encoding", encoding},
             {"Content-Length", size},
             {"ETag", "\"1\""}},
            std::move(body)};
}

std::string decoded(std::string body, std::string const& encoding = "gzip") {
    auto answer = answer_of(std::move(body), encoding);
    auto const done = decode_body(answer, most);
    EXPECT_TRUE(done) << done.error().message;
    return answer.body;
}

failure refused(std::string body, std::string const& encoding = "gzip") {
    auto answer = answer_of(body, encoding);
    auto done = decode_body(answer, most);
    EXPECT_FALSE(done) << encoding;
    EXPECT_EQ(answer.body, body) << "it is still as it came";
    return done ? failure{} : std::move(done).error();
}

TEST(decode_body, undoes_gzip_under_each_of_its_names) {
    for (auto const* const name : {"gzip", "x-gzip", "GZip", " gzip\t", "identity, gzip", "gzip,"})
        EXPECT_EQ(decoded(gzip(document), name), document) << name;
}

TEST(decode_body, drops_the_headers_of_the_encoded_body) {
    auto answer = answer_of(gzip(document));
    ASSERT_TRUE(decode_body(answer, most));
    ASSERT_EQ(answer.headers.size(), 2U);
    EXPECT_EQ(answer.headers[0].name, "Content-Type");
    EXPECT_EQ(answer.headers[1].name, "ETag");
}

TEST(decode_body, leaves_what_is_not_encoded) {
    for (auto const* const name : {"identity", "", "Identity , identity"}) {
        auto answer = answer_of(document, name);
        ASSERT_TRUE(decode_body(answer, most)) << name;
        EXPECT_EQ(answer.body, document);
        EXPECT_EQ(answer.headers.size(), 4U);
    }
}

TEST(decode_body, leaves_answers_without_a_body) {
    for (int const status : {200, 204, 304}) {
        auto answer = answer_of("", "br", status);
        EXPECT_TRUE(decode_body(answer, most)) << status;
        EXPECT_EQ(answer.header("content-encoding"), "br");
    }
}

TEST(decode_body, leaves_a_part_of_a_body) {
    auto const part = gzip(document).substr(3);
    auto answer = answer_of(part, "gzip", 206);
    EXPECT_TRUE(decode_body(answer, most));
    EXPECT_EQ(answer.body, part);
    EXPECT_EQ(answer.header("content-encoding"), "gzip");
}

TEST(decode_body, decodes_refusals_as_well) {
    auto answer = answer_of(gzip(document), "gzip", 503);
    ASSERT_TRUE(decode_body(answer, most));
    EXPECT_EQ(answer.body, document);
}

TEST(decode_body, takes_all_members) {
    EXPECT_EQ(decoded(gzip("one ") + gzip("") + gzip("two ") + gzip("three")), "one two three");
    EXPECT_EQ(decoded(gzip("")), "");
}

TEST(decode_body, takes_bodies_longer_than_one_piece) {
    std::string long_text;
    while (long_text.size() < 100'000)
        long_text += std::to_string(long_text.size());
    auto answer = answer_of(gzip(long_text) + gzip(long_text));
    ASSERT_TRUE(decode_body(answer, 2 * long_text.size()));
    EXPECT_EQ(answer.body, long_text + long_text);
}

TEST(decode_body, stops_exactly_at_the_bound) {
    EXPECT_EQ(decoded(gzip(std::string(most, 'a'))).size(), most);
    auto const why = refused(gzip(std::string(most + 1, 'a')));
    EXPECT_EQ(why.code, errc::body_too_large);
    EXPECT_THAT(why.message, HasSubstr("4096 bytes"));
    EXPECT_EQ(refused(gzip(std::string(most, 'a')) + gzip("a")).code, errc::body_too_large);
}

TEST(decode_body, notices_a_stream_that_ends_anywhere) {
    auto const whole = gzip(document);
    for (std::size_t size = 1; size < whole.size(); ++size) {
        auto const why = refused(whole.substr(0, size));
        EXPECT_EQ(why.code, errc::malformed_response) << size;
        EXPECT_THAT(why.message, HasSubstr("ends too early")) << size;
    }
    EXPECT_THAT(refused(whole + whole.substr(0, 9)).message, HasSubstr("ends too early"));
}

TEST(decode_body, notices_every_damaged_byte_of_the_body_and_its_sums) {
    auto const whole = gzip(document);
    constexpr std::size_t head = 10;
    for (std::size_t at = head; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
        EXPECT_EQ(refused(damaged).code, errc::malformed_response) << at;
    }
    auto wrong_sum = whole;
    wrong_sum[whole.size() - 8] = static_cast<char>(wrong_sum[whole.size() - 8] ^ 1);
    EXPECT_THAT(refused(wrong_sum).message, HasSubstr("incorrect data check"));
    auto wrong_size = whole;
    wrong_size[whole.size() - 1] = 1;
    EXPECT_THAT(refused(wrong_size).message, HasSubstr("incorrect length check"));
}

TEST(decode_body, refuses_what_follows_the_stream) {
    for (auto const& more :
         {std::string{"garbage"}, std::string(20, '\0'), document, std::string{"\x1f"}})
        EXPECT_EQ(refused(gzip(document) + more).code, errc::malformed_response) << more;
}

TEST(decode_body, refuses_what_is_no_gzip) {
    for (auto const& body :
         {document, std::string{"<html>"}, std::string{"\x78\x9c\x03\x00\x00\x00\x00\x01", 8}})
        EXPECT_THAT(refused(body).message, HasSubstr("incorrect header check")) << body;
}

TEST(decode_body, names_an_encoding_that_nobody_asked_for) {
    EXPECT_THAT(refused(document, "br").message, HasSubstr("asked for: \"br\""));
    EXPECT_THAT(refused(document, "deflate").message, HasSubstr("\"deflate\""));
    auto const strange = refused(document, "a\x1b[31m");
    EXPECT_EQ(strange.code, errc::malformed_response);
    EXPECT_THAT(strange.message, ::testing::EndsWith("asked for"));
    EXPECT_THAT(refused(document, std::string(5'000, 'z')).message,
                ::testing::EndsWith("asked for"));
}

TEST(decode_body, refuses_more_than_one_encoding) {
    EXPECT_THAT(refused(gzip(gzip(document)), "gzip, gzip").message, HasSubstr("more than once"));
    auto answer = answer_of(gzip(gzip(document)));
    answer.headers.push_back({"Content-Encoding", "gzip"});
    EXPECT_FALSE(decode_body(answer, most));
}

/// The processor time of this thread that decoding `body` takes.
double seconds_for(std::string const& body, std::size_t bound) {
    auto const now = [] {
        timespec t{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    auto answer = answer_of(body);
    auto const before = now();
    auto const done = decode_body(answer, bound);
    EXPECT_TRUE(!done && done.error().code == errc::body_too_large);
    return now() - before;
}

TEST(decode_body, costs_no_more_for_a_bomb_than_for_what_the_bound_allows) {
    constexpr std::size_t bound = 200'000;
    auto const bomb = gzip(std::string(100 * bound, '\0'));
    std::string bombs;
    for (int n = 0; n < 20; ++n)
        bombs += bomb;
    // Two thousand times the bound against twice the bound.
    auto const least = seconds_for(gzip(std::string(2 * bound, '\0')), bound);
    EXPECT_LT(seconds_for(bombs, bound), 20 * least);
}

TEST(decode_body, goes_through_a_hundred_thousand_empty_members) {
    auto const nothing = gzip("");
    std::string body;
    for (int n = 0; n < 100'000; ++n)
        body += nothing;
    EXPECT_EQ(decoded(body), "");
}

} // namespace
} // namespace bctrl
