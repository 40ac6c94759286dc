// One connection as a well-behaved server sees it: what the client writes, and what it makes of answers.

#include "engine_bench.hpp"

#include <algorithm>

namespace bctrl::http2 {
namespace {

using ::testing::Test;
using wire::frame_type;

TEST_F(engines, say_hello_with_their_settings) {
    auto const first = wire::take_frames(hello);
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].type, frame_type::settings);
    EXPECT_EQ(first[0].payload, wire::number(2, 2) + wire::number(0, 4) +           // no push
                                    wire::number(4, 2) + wire::number(1 << 20, 4) + // windows
                                    wire::number(6, 2) + wire::number(1'000, 4));   // header list
    EXPECT_EQ(first[1].type, frame_type::window_update);
    EXPECT_EQ(first[1].stream, 0);
    EXPECT_TRUE(tried.is_settled());
    EXPECT_EQ(tried.streams_allowed(), 100U);
}

TEST_F(engines, acknowledge_settings_and_follow_them) {
    EXPECT_EQ(settings, 1);
    feed(wire::settings({{3, 7}}));
    EXPECT_EQ(settings, 2);
    EXPECT_EQ(tried.streams_allowed(), 7U);
    auto const answers = frames(frame_type::settings);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].flags, wire::acknowledges);
}

TEST_F(engines, allow_any_number_if_the_server_names_none) {
    engine other{limits, *this};
    EXPECT_FALSE(other.is_settled());
    EXPECT_FALSE(other.feed(wire::settings()));
    EXPECT_TRUE(other.is_settled());
    EXPECT_GT(other.streams_allowed(), 1'000'000U);
}

TEST_F(engines, write_a_request) {
    auto const& asked = submit("{\"timeoutMs\":1}");
    EXPECT_FALSE(asked.sent);
    auto const sent = frames();
    EXPECT_TRUE(asked.sent);
    EXPECT_EQ(asked.moves, 2) << "the first part is sent, and the last one";
    EXPECT_TRUE(asked.unsent.empty());
    ASSERT_EQ(sent.size(), 2U);
    wire::header_reader reader;
    EXPECT_EQ(reader.read(sent[0].payload),
              (wire::fields{{":method", "POST"},
                            {":scheme", "https"},
                            {":authority", "api.example"},
                            {":path", "/v1/operations/op_1"},
                            {"authorization", "Bearer the_key_of_this_test"},
                            {"user-agent", "bctrl-cpp/0.1 and some more"}}));
    EXPECT_EQ(sent[0].flags, wire::end_headers);
    EXPECT_EQ(sent[1].type, frame_type::data);
    EXPECT_EQ(sent[1].payload, "{\"timeoutMs\":1}");
    EXPECT_EQ(sent[1].flags, wire::end_stream);
}

TEST_F(engines, end_a_request_without_a_body_with_its_head) {
    submit();
    auto const sent = frames();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].flags, wire::end_headers | wire::end_stream);
}

TEST_F(engines, say_what_is_always_the_same_in_a_few_bytes) {
    submit({}, "/v1/operations/one_of_the_first");
    auto const first = frames()[0].payload.size();
    submit({}, "/v1/operations/the_next_one_now");
    auto const next = frames()[0].payload.size();
    auto const path = std::string_view{"/v1/operations/the_next_one_now"}.size();
    auto const key = std::string_view{"Bearer the_key_of_this_test"}.size();
    EXPECT_GT(first, next + 20);
    // nghttp2 keeps the key in no table, from which others might guess it: it goes out each time.
    EXPECT_LE(next, path + key) << "the other fields take a byte each";
}

TEST_F(engines, read_an_answer) {
    auto& asked = ask();
    EXPECT_TRUE(feed(wire::headers(1, {{":status", "200"}, {"x-request-id", "req_1"}})));
    EXPECT_TRUE(asked.begun);
    EXPECT_FALSE(asked.complete);
    EXPECT_TRUE(feed(wire::data(1, "{\"a\"")));
    EXPECT_TRUE(feed(wire::data(1, ":1}", true)));
    EXPECT_TRUE(asked.complete);
    EXPECT_EQ(asked.ended, reset_code::no_error);
    EXPECT_EQ(asked.answer->status, 200);
    EXPECT_EQ(asked.answer->request_id(), "req_1");
    EXPECT_EQ(asked.answer->body, "{\"a\":1}");
    EXPECT_FALSE(tried.is_open(1));
}

TEST_F(engines, read_answers_in_any_order_and_in_pieces) {
    auto& first = ask();
    auto& second = ask();
    auto const bytes = wire::headers(3, {{":status", "200"}}) +
                       wire::headers(1, {{":status", "404"}}) + wire::data(3, "three", true) +
                       wire::data(1, "one", true);
    for (auto const each : bytes)
        ASSERT_TRUE(feed(std::string(1, each)));
    EXPECT_EQ(first.answer->status, 404);
    EXPECT_EQ(first.answer->body, "one");
    EXPECT_EQ(second.answer->body, "three");
}

TEST_F(engines, read_padding_continuations_trailers_and_unknown_frames) {
    auto& asked = ask();
    auto const block = wire::header_block({{":status", "200"}, {"x-a", "1"}});
    auto const padded_data = wire::number(3, 1) + "{}" + std::string(3, '\0');
    EXPECT_TRUE(
        feed(wire::text_of({frame_type::headers, 0, 1, block.substr(0, 5)}) +
             wire::text_of({frame_type::continuation, 0, 1, block.substr(5, 4)}) +
             wire::text_of({frame_type::continuation, wire::end_headers, 1, block.substr(9)}) +
             wire::text_of({static_cast<frame_type>(0x77), 0x5a, 1, "whatever"}) +
             wire::text_of({frame_type::priority, 0, 1, std::string(5, '\0')}) +
             wire::text_of({frame_type::data, wire::padded, 1, padded_data}) +
             wire::headers(1, {{"x-trailer", "2"}}, true)));
    EXPECT_TRUE(asked.complete);
    EXPECT_EQ(asked.answer->header("x-a"), "1");
    EXPECT_EQ(asked.answer->header("x-trailer"), "") << "what stands behind the body is read over";
    EXPECT_EQ(asked.answer->body, "{}");
}

TEST_F(engines, read_over_interim_answers) {
    auto& asked = ask();
    EXPECT_TRUE(feed(wire::headers(1, {{":status", "100"}, {"x-a", "interim"}}) +
                     wire::headers(1, {{":status", "103"}, {"link", "</style.css>"}})));
    EXPECT_TRUE(asked.begun);
    answer(1);
    EXPECT_TRUE(asked.complete);
    EXPECT_EQ(asked.answer->status, 200);
    EXPECT_TRUE(asked.answer->headers.empty());
}

TEST_F(engines, answer_pings) {
    feed(wire::ping("12345678"));
    auto const answers = frames(frame_type::ping);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].flags, wire::acknowledges);
    EXPECT_EQ(answers[0].payload, "12345678");
}

TEST_F(engines, ask_for_a_sign_of_life) {
    tried.ping();
    auto const asked = frames(frame_type::ping);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].flags, 0);
    EXPECT_TRUE(feed(wire::ping(asked[0].payload, true)));
}

TEST_F(engines, reset_one_stream_and_no_other) {
    auto& left = ask();
    auto& other = ask();
    tried.forget(left);
    EXPECT_TRUE(tried.is_open(1));
    tried.reset(1, reset_code::cancel);
    auto const sent = frames();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].type, frame_type::rst_stream);
    EXPECT_EQ(sent[0].stream, 1);
    EXPECT_EQ(wire::number_in(sent[0].payload), 0x8U);
    EXPECT_FALSE(tried.is_open(1));
    EXPECT_FALSE(left.ended) << "nobody is told who has left";
    EXPECT_TRUE(feed(wire::headers(1, {{":status", "200"}}, true))) << "it had crossed the reset";
    answer(3);
    EXPECT_TRUE(other.complete);
}

TEST_F(engines, send_nothing_of_a_request_that_was_given_up_before) {
    auto& left = submit("{}");
    tried.forget(left);
    tried.reset(left.id, reset_code::cancel);
    EXPECT_TRUE(frames().empty());
}

TEST_F(engines, take_no_more_of_a_body_from_one_who_has_left) {
    auto& left = submit(std::string(200'000, 'b'));
    EXPECT_FALSE(frames(frame_type::data).empty());
    tried.forget(left);
    exchanges.clear();
    feed(wire::window_update(0, 1 << 20) + wire::window_update(1, 1 << 20));
    EXPECT_TRUE(frames().empty());
    tried.reset(1, reset_code::cancel);
    EXPECT_EQ(frames(frame_type::rst_stream).size(), 1U);
}

TEST_F(engines, send_as_much_as_the_windows_allow) {
    submit(std::string(100'000, 'b'));
    auto const sent = [&] {
        std::size_t bytes = 0;
        for (auto const& each : frames(frame_type::data))
            bytes += each.payload.size();
        return bytes;
    };
    EXPECT_EQ(sent(), 65'535U);
    feed(wire::window_update(0, 1'000));
    EXPECT_EQ(sent(), 0U) << "the window of the stream is closed";
    feed(wire::window_update(1, 500));
    EXPECT_EQ(sent(), 500U);
    feed(wire::window_update(1, 100'000));
    EXPECT_EQ(sent(), 500U) << "the window of the connection is closed";
    feed(wire::window_update(0, 100'000));
    EXPECT_EQ(sent(), 100'000U - 66'535U);
    EXPECT_TRUE(exchanges.front().unsent.empty());
}

TEST_F(engines, follow_a_change_of_windows) {
    feed(wire::settings({{4, 10}}));
    submit(std::string(25, 'b'));
    auto const first = frames(frame_type::data);
    ASSERT_EQ(first.size(), 1U);
    EXPECT_EQ(first[0].payload.size(), 10U);
    feed(wire::settings({{4, 20}}));
    auto const second = frames(frame_type::data);
    ASSERT_EQ(second.size(), 1U);
    EXPECT_EQ(second[0].payload.size(), 10U);
}

TEST_F(engines, open_their_windows_for_what_they_have_read) {
    exchange_limits const large{1'000, 64 << 20, 20};
    engine other{large, *this};
    seen_exchange asked{{}};
    EXPECT_FALSE(other.feed(wire::settings()));
    std::vector<field> const head{
        {":method", "GET"}, {":scheme", "http"}, {":authority", "h"}, {":path", "/"}};
    other.submit(asked, head);
    std::string ignored;
    other.take_pending(ignored, 1 << 20);
    EXPECT_FALSE(other.feed(wire::headers(1, {{":status", "200"}})));
    constexpr int pieces = 3'000; // 48 MB
    std::size_t updates = 0;
    for (int n = 0; n < pieces; ++n) {
        ASSERT_FALSE(other.feed(wire::data(1, std::string(16'384, 'x'), n == pieces - 1))) << n;
        std::string pending;
        other.take_pending(pending, 1 << 20);
        updates += wire::take_frames(pending).size();
    }
    EXPECT_GT(updates, 50U);
    EXPECT_TRUE(asked.complete);
    EXPECT_EQ(asked.answer->body.size(), pieces * 16'384U);
}

TEST_F(engines, read_an_answer_that_comes_before_all_was_sent) {
    auto& asked = submit(std::string(200'000, 'b'));
    frames();
    EXPECT_TRUE(feed(wire::headers(1, {{":status", "413"}}, true)));
    EXPECT_TRUE(asked.complete);
    auto const sent = frames(frame_type::rst_stream);
    ASSERT_EQ(sent.size(), 1U) << "the rest of the request is not sent";
    EXPECT_EQ(wire::number_in(sent[0].payload), 0U);
    EXPECT_EQ(asked.ended, reset_code::no_error);
    EXPECT_EQ(asked.answer->status, 413);
}

TEST_F(engines, say_goodbye) {
    tried.go_away();
    auto const sent = frames(frame_type::goaway);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(wire::number_in(sent[0].payload.substr(4)), 0U);
    EXPECT_TRUE(tried.is_over());
}

TEST_F(engines, take_no_more_streams_when_the_server_goes_away) {
    auto& first = ask();
    auto& second = ask();
    EXPECT_TRUE(feed(wire::goaway(1, 0, "bye")));
    ASSERT_EQ(goodbyes.size(), 1U);
    EXPECT_EQ(goodbyes[0].first, reset_code::no_error);
    EXPECT_EQ(goodbyes[0].second, "bye");
    EXPECT_EQ(last_taken, 1);
    EXPECT_EQ(second.ended, reset_code::refused_stream) << "the server has not acted on it";
    EXPECT_FALSE(first.ended);
    seen_exchange more{{}};
    std::vector<field> const head{
        {":method", "GET"}, {":scheme", "http"}, {":authority", "h"}, {":path", "/"}};
    EXPECT_FALSE(tried.submit(more, head));
    answer(1);
    EXPECT_TRUE(first.complete) << "it goes on to the end";
}

TEST_F(engines, never_send_what_was_submitted_just_before_the_server_went_away) {
    auto& asked = submit();
    EXPECT_TRUE(feed(wire::goaway(0, 0)));
    EXPECT_TRUE(frames(frame_type::headers).empty());
    EXPECT_TRUE(asked.ended);
    EXPECT_FALSE(asked.sent);
}

TEST_F(engines, tell_why_a_stream_was_reset) {
    auto& refused = ask();
    auto& broken = ask();
    auto& late = ask();
    EXPECT_TRUE(feed(wire::rst_stream(1, 7)));
    EXPECT_EQ(refused.ended, reset_code::refused_stream);
    EXPECT_TRUE(feed(wire::headers(3, {{":status", "200"}}) + wire::rst_stream(3, 2) +
                     wire::data(3, "late", true)));
    EXPECT_EQ(broken.ended, reset_code::internal_error);
    EXPECT_FALSE(broken.complete);
    answer(5);
    EXPECT_TRUE(late.complete);
}

TEST_F(engines, take_an_answer_whose_stream_is_reset_without_an_error_behind_it) {
    auto& asked = submit(std::string(200'000, 'b'));
    frames();
    EXPECT_TRUE(feed(wire::headers(1, {{":status", "200"}}) + wire::data(1, "{}", true) +
                     wire::rst_stream(1, 0)));
    EXPECT_TRUE(asked.complete);
    EXPECT_EQ(asked.answer->body, "{}");
}

} // namespace
} // namespace bctrl::http2
