#include "codec/codec.hpp"
#include "codec/error_body.hpp"
#include "documents.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/operation.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <functional>
#include <string>

namespace bctrl::codec {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

decode_error refused(std::string const& text) {
    auto read = decode<operation>(text);
    EXPECT_FALSE(read) << text.substr(0, 80);
    return read ? decode_error{} : std::move(read).error();
}

/// `count` members that nobody knows, each with a name of its own.
std::string members(std::size_t count) {
    std::string text;
    for (std::size_t n = 0; n < count; ++n)
        text += ",\"m" + std::to_string(n) + "\":0";
    return text;
}

TEST(hostile_text, may_not_begin_with_a_byte_order_mark) {
    auto const why = refused("\xEF\xBB\xBF" + operation_with(""));
    EXPECT_EQ(why.kind, errc::malformed_json);
    EXPECT_EQ(why.path, "$");
    EXPECT_THAT(why.message, HasSubstr("at byte 0"));
}

TEST(hostile_text, may_hold_a_zero_byte_nowhere) {
    using namespace std::string_literals;
    for (auto const& text : {"\0"s, "\0"s + operation_with(""), operation_with(",\"x\":\"a\0b\""s),
                             operation_with(",\"a\0b\":1"s), operation_with(",\0\"x\":1"s)})
        EXPECT_EQ(refused(text).kind, errc::malformed_json);
    auto const escaped = decode<operation>(operation_with(R"(,"x":"a\u0000b")"));
    ASSERT_TRUE(escaped);
    EXPECT_EQ(escaped->other_members[0].value.text(), R"("a\u0000b")");
}

TEST(hostile_text, may_hold_numbers_of_any_length) {
    std::string const digits(1'000'000, '7');
    for (auto const& number : {digits, "-" + digits, digits + "." + digits, "0." + digits,
                               digits + "e-300", digits + "E+300"}) {
        auto const read = decode<operation>(operation_with(",\"x\":" + number));
        ASSERT_TRUE(read) << number.substr(0, 8);
        EXPECT_EQ(read->other_members[0].value.text(), number);
        auto const why = refused(operation_with(",\"progress\":{\"step\":" + number + "}"));
        EXPECT_EQ(why.kind, errc::unexpected_document);
        EXPECT_EQ(why.path, "$.progress.step");
        EXPECT_LT(why.message.size(), 100U);
    }
}

TEST(hostile_text, may_hold_no_exponent_of_more_than_ten_digits) {
    // The parser underneath counts them in 32 bits.
    for (auto const* const sign : {"", "-", "+"}) {
        auto const why =
            refused(operation_with(",\"x\":1e" + (sign + std::string(1'000'000, '7'))));
        EXPECT_EQ(why.kind, errc::malformed_json);
        EXPECT_EQ(why.path, "$.x");
    }
}

TEST(hostile_text, may_hold_long_texts) {
    std::string const text(8 * 1024 * 1024, 'x');
    auto const read = decode<operation>(operation_with(",\"currentCall\":\"" + text + "\""));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->current_call, text);
}

TEST(hostile_text, may_have_so_many_unknown_members_and_no_more) {
    auto const most = decode<operation>(operation_with(members(65'536)));
    ASSERT_TRUE(most);
    EXPECT_EQ(most->other_members.size(), 65'536U);
    auto const why = refused(operation_with(members(65'537)));
    EXPECT_EQ(why.kind, errc::unexpected_document);
    EXPECT_EQ(why.path, "$");
    EXPECT_THAT(why.message, HasSubstr("too many members"));
    EXPECT_EQ(refused(operation_with(",\"progress\":{\"step\":1" + members(65'537) + "}")).path,
              "$.progress");
    EXPECT_TRUE(decode<operation>(operation_with(",\"free\":{\"a\":0" + members(1'000'000) + "}")))
        << "text that is kept as it is takes no more here than there";
}

TEST(hostile_text, is_not_repeated_in_an_error) {
    auto const name = std::string(1'000'000, 'n') + "\x1b";
    auto const why = refused(operation_with(",\"" + name + "\":nul"));
    EXPECT_LT(why.path.size() + why.message.size(), 300U);
    auto const strange = refused("{\"\\u001bc\\u202e\":nul");
    EXPECT_THAT(strange.path, Not(HasSubstr("\x1b")));
    EXPECT_THAT(strange.path, Not(HasSubstr("\xE2\x80\xAE")));
}

/// The processor time of this thread that `work` takes at the least.
double seconds_of(std::function<void()> const& work) {
    auto const now = [] {
        timespec t{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
    };
    auto least = 1e9;
    for (int n = 0; n < 3; ++n) {
        auto const before = now();
        work();
        least = std::min(least, now() - before);
    }
    return least;
}

std::string times(std::size_t count, std::string const& text) {
    std::string made;
    for (std::size_t n = 0; n < count; ++n)
        made += text;
    return made;
}

struct growing {
    char const* name;
    std::string (*text)(std::size_t); ///< about that many bytes
};

void PrintTo(growing const& g, std::ostream* out) {
    *out << g.name;
}

class hostile_texts : public ::testing::TestWithParam<growing> {};

/// Eight times the text takes about eight times the time; it would be 64 times if every byte looked
/// at all before it.
TEST_P(hostile_texts, take_time_in_proportion_to_their_size) {
    constexpr std::size_t size = 100'000;
    auto const small = GetParam().text(size);
    auto const large = GetParam().text(8 * size);
    auto const decode_both_ways = [](std::string const& text) {
        return [&text] {
            static_cast<void>(decode<operation>(text));
            static_cast<void>(decode<command_page>(text));
            static_cast<void>(read_error_body(text));
        };
    };
    EXPECT_LT(seconds_of(decode_both_ways(large)), 28 * seconds_of(decode_both_ways(small)));
}

growing const kinds[] = {
    {"members", [](std::size_t n) { return operation_with(members(n / 12)); }},
    {"twins", [](std::size_t n) { return operation_with(times(n / 6, ",\"x\":0")); }},
    {"a_text",
     [](std::size_t n) { return operation_with(",\"x\":\"" + std::string(n, 'a') + '"'); }},
    {"escapes",
     [](std::size_t n) { return operation_with(",\"x\":\"" + times(n / 6, "\\u0041") + '"'); }},
    {"lone_surrogates",
     [](std::size_t n) { return operation_with(",\"x\":\"" + times(n / 6, "\\ud83d") + '"'); }},
    {"a_number", [](std::size_t n) { return operation_with(",\"x\":" + std::string(n, '1')); }},
    {"an_integer",
     [](std::size_t n) {
         return operation_with(",\"progress\":{\"step\":1" + std::string(n, '0') + "}");
     }},
    {"many_numbers",
     [](std::size_t n) { return operation_with(",\"x\":[0" + times(n / 2, ",1") + "]"); }},
    {"lists_in_lists",
     [](std::size_t n) {
         return operation_with(",\"x\":[0" +
                               times(n / 801, "," + std::string(400, '[') + std::string(400, ']')) +
                               "]");
     }},
    {"steps",
     [](std::size_t n) {
         return operation_with_step(R"({"index":0,"ok":false,"call":"c","error":)"
                                    R"({"code":"X","message":"m"}})" +
                                    times(n / 70, R"(,{"index":0,"ok":false,"call":"c","error":)"
                                                  R"({"code":"X","message":"m"}})"));
     }},
    {"unclosed", [](std::size_t n) { return std::string(n, '['); }},
    {"blanks", [](std::size_t n) { return std::string(n, ' '); }},
    {"a_page", [](std::size_t n) { return "<html><title>" + std::string(n, '<'); }},
    {"not_utf_8", [](std::size_t n) { return std::string(n, '\xff'); }},
    {"an_error",
     [](std::size_t n) { return R"({"error":")" + std::string(n, 'e') + R"(","details":[1]})"; }},
};

INSTANTIATE_TEST_SUITE_P(all, hostile_texts, ::testing::ValuesIn(kinds),
                         [](auto const& of) { return std::string{of.param.name}; });

} // namespace
} // namespace bctrl::codec
