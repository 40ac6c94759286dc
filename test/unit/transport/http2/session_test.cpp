#include "session_bench.hpp"

#include <boost/asio/error.hpp>

namespace bctrl::http2 {
namespace {

using wire::frame_type;

TEST_F(sessions, wait_for_the_settings_of_the_server) {
    auto const settled = bench.start(tried->settle(stop));
    EXPECT_FALSE(*settled);
    EXPECT_FALSE(read(frame_type::settings).empty()) << "it speaks first";
    write(wire::settings({{3, 0}}));
    bench.run_until([&] { return !read(frame_type::settings).empty(); });
    EXPECT_FALSE(*settled) << "a server that allows no stream is none yet";
    write(wire::settings({{3, 5}}));
    EXPECT_TRUE(bench.finish(settled));
    EXPECT_EQ(tried->streams_allowed(), 5U);
}

TEST_F(sessions, fail_with_a_server_that_is_none) {
    auto const settled = bench.start(tried->settle(stop));
    write("HTTP/1.1 400 Bad Request\r\n\r\n");
    auto const result = bench.finish(settled);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, errc::malformed_response);
}

TEST_F(sessions, fail_with_a_server_that_closes) {
    auto const settled = bench.start(tried->settle(stop));
    ::shutdown(peer, SHUT_WR);
    auto const result = bench.finish(settled);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, errc::connection_lost);
}

TEST_F(sessions, fail_with_a_server_that_goes_away_at_once) {
    auto const settled = bench.start(tried->settle(stop));
    write(wire::settings({{3, 100}}) + wire::goaway(0, 0));
    auto const result = bench.finish(settled);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, errc::connection_lost) << "another connection may serve";
}

TEST_F(sessions, stop_waiting_for_settings) {
    auto const settled = bench.start(tried->settle(stop));
    stop.request(stop_reason::timeout);
    EXPECT_FALSE(bench.finish(settled));
}

TEST_F(sessions, carry_exchanges_side_by_side) {
    settle();
    auto& first = begin("{}");
    auto& second = begin();
    bench.settle();
    EXPECT_EQ(first.told.phase(), call_phase::awaiting);
    auto const asked = read();
    ASSERT_EQ(asked.size(), 3U) << "two heads and a body";
    answer(3);
    ASSERT_TRUE(end_of(second).answer);
    EXPECT_EQ(end_of(second).answer->body, "{}");
    EXPECT_EQ(end_of(second).place, place_fate::free);
    EXPECT_FALSE(*first.ended);
    answer(1);
    EXPECT_TRUE(end_of(first).answer);
}

TEST_F(sessions, end_who_cancels_at_once_and_reset_the_stream_behind_it) {
    settle();
    auto& left = begin_one();
    auto& sibling = begin_one();
    left.stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*left.ended);
    EXPECT_EQ(fault_of(left).code, boost::asio::error::operation_aborted);
    EXPECT_EQ((**left.ended).answer.error().progress, exchange_progress::sent);
    EXPECT_EQ((**left.ended).place, place_fate::held);
    EXPECT_EQ(closed, 1U);
    auto const sent = read();
    ASSERT_EQ(sent.size(), 2U);
    auto const reset = sent[0].type == frame_type::rst_stream ? sent[0] : sent[1];
    auto const ping = sent[0].type == frame_type::rst_stream ? sent[1] : sent[0];
    EXPECT_EQ(reset.type, frame_type::rst_stream);
    EXPECT_EQ(reset.stream, 1);
    EXPECT_EQ(wire::number_in(reset.payload), 8U);
    EXPECT_EQ(ping.type, frame_type::ping) << "a peer that is gone is noticed";
    answer(3);
    EXPECT_TRUE(end_of(sibling).answer);
}

TEST_F(sessions, send_nothing_for_who_cancels_before_anything_was_sent) {
    settle();
    auto& left = begin();
    left.stop.request(stop_reason::deadline);
    bench.settle();
    EXPECT_EQ(fault_of(left).code, errc::deadline_exceeded);
    EXPECT_EQ((**left.ended).answer.error().progress, exchange_progress::unsent);
    EXPECT_EQ((**left.ended).place, place_fate::free);
    EXPECT_TRUE(read().empty());
}

TEST_F(sessions, do_not_wait_for_the_answer_of_who_has_left) {
    settle();
    auto& left = begin_one();
    write(wire::headers(1, {{":status", "200"}}) + wire::data(1, "half"));
    bench.run_until([&] { return left.told.phase() == call_phase::reading; });
    left.stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ((**left.ended).answer.error().progress, exchange_progress::answered);
    write(wire::data(1, "rest", true));
    auto& next = begin_one();
    answer(3);
    EXPECT_TRUE(end_of(next).answer);
}

TEST_F(sessions, ask_a_silent_server_whether_it_lives) {
    settle();
    auto& asked = begin_one();
    pass(29'999ms);
    EXPECT_TRUE(read().empty());
    pass(1ms);
    auto const ping = read(frame_type::ping);
    ASSERT_EQ(ping.size(), 1U);
    write(wire::ping(ping[0].payload, true));
    bench.settle();
    pass(29'999ms);
    EXPECT_TRUE(read().empty());
    EXPECT_FALSE(*asked.ended);
    pass(1ms);
    EXPECT_EQ(read(frame_type::ping).size(), 1U);
    pass(9'999ms);
    EXPECT_FALSE(*asked.ended);
    pass(1ms);
    EXPECT_EQ(fault_of(asked).code, errc::connection_lost);
    EXPECT_EQ((**asked.ended).answer.error().progress, exchange_progress::sent);
    EXPECT_FALSE(tried->takes_more());
    EXPECT_TRUE(is_closed());
}

TEST_F(sessions, expect_nothing_of_a_server_while_no_stream_is_open) {
    settle();
    pass(10min);
    EXPECT_TRUE(read().empty());
    EXPECT_TRUE(tried->takes_more());
    begin_one();
    pass(29s);
    EXPECT_TRUE(read(frame_type::ping).empty()) << "it was not silent before it was asked";
    pass(1s);
    EXPECT_EQ(read(frame_type::ping).size(), 1U);
}

TEST_F(sessions, notice_by_a_cancel_that_the_server_is_gone) {
    settle();
    auto& left = begin_one();
    auto& other = begin_one();
    left.stop.request(stop_reason::cancelled);
    pass(9'999ms);
    EXPECT_FALSE(*other.ended);
    pass(1ms);
    EXPECT_EQ(fault_of(other).code, errc::connection_lost);
}

TEST_F(sessions, say_of_whom_the_server_has_heard_when_it_goes_away) {
    settle();
    auto& first = begin_one();
    auto& second = begin_one();
    write(wire::goaway(1, 0));
    EXPECT_EQ(fault_of(second).code, errc::connection_lost);
    EXPECT_EQ(end_of(second).answer.error().progress, exchange_progress::unsent);
    EXPECT_TRUE(end_of(second).crowded_out) << "the other one was taken";
    EXPECT_FALSE(tried->takes_more());
    EXPECT_GT(changes, 0);
    EXPECT_FALSE(*first.ended);
    answer(1);
    EXPECT_TRUE(end_of(first).answer);
}

TEST_F(sessions, say_that_nobody_was_taken_by_a_server_that_goes_away) {
    settle();
    auto& only = begin_one();
    write(wire::goaway(0, 0));
    EXPECT_EQ(fault_of(only).code, errc::connection_lost);
    EXPECT_FALSE(end_of(only).crowded_out);
}

TEST_F(sessions, end_all_when_the_server_goes_away_in_anger) {
    settle();
    auto& first = begin_one();
    write(wire::goaway(1, 11, "too \x1b[1mmany resets"));
    ::shutdown(peer, SHUT_WR);
    auto const& why = fault_of(first);
    EXPECT_EQ(why.code, errc::connection_lost);
    EXPECT_NE(why.message.find("ENHANCE_YOUR_CALM"), std::string::npos) << why.message;
    EXPECT_NE(why.message.find("too [1mmany resets"), std::string::npos) << why.message;
    EXPECT_EQ(end_of(first).answer.error().progress, exchange_progress::sent);
}

TEST_F(sessions, say_that_a_refused_stream_was_not_acted_on) {
    settle();
    auto& refused = begin_one();
    auto& reset = begin_one();
    write(wire::rst_stream(1, 7) + wire::rst_stream(3, 2));
    EXPECT_EQ(end_of(refused).answer.error().progress, exchange_progress::unsent);
    EXPECT_EQ(end_of(reset).answer.error().progress, exchange_progress::sent);
    EXPECT_EQ(fault_of(reset).code, errc::connection_lost);
    EXPECT_TRUE(tried->takes_more());
}

TEST_F(sessions, do_not_say_refused_of_what_was_answered_in_part) {
    settle();
    auto& asked = begin_one();
    write(wire::headers(1, {{":status", "200"}}) + wire::rst_stream(1, 7));
    EXPECT_EQ(end_of(asked).answer.error().progress, exchange_progress::answered);
}

TEST_F(sessions, hand_back_what_a_server_allows_no_stream_for_any_more) {
    settle(100);
    write(wire::settings({{4, 1 << 22}}) + wire::window_update(0, 1 << 22));
    bench.run_until([&] { return !read(frame_type::settings).empty(); });
    auto& large = begin(std::string(1 << 22, 'b'));
    bench.settle();
    auto& late = begin();
    bench.settle();
    ASSERT_EQ(late.told.phase(), call_phase::sending) << "the socket takes no more";
    write(wire::settings({{3, 1}}));
    EXPECT_EQ(end_of(late).answer.error().progress, exchange_progress::unsent);
    EXPECT_EQ(end_of(late).place, place_fate::free);
    EXPECT_FALSE(*large.ended);
}

TEST_F(sessions, tell_siblings_of_a_broken_connection_that_it_was_lost) {
    settle();
    auto& sibling = begin_one();
    write(wire::text_of({frame_type::data, 0, 0, "x"}));
    EXPECT_EQ(fault_of(sibling).code, errc::connection_lost);
    EXPECT_EQ(end_of(sibling).place, place_fate::lost);
}

TEST_F(sessions, end_all_with_their_connection) {
    settle();
    auto& waiting = begin_one();
    auto& reading = begin_one();
    write(wire::headers(3, {{":status", "200"}}));
    bench.run_until([&] { return reading.told.phase() == call_phase::reading; });
    ::shutdown(peer, SHUT_WR);
    EXPECT_EQ(fault_of(waiting).code, errc::connection_lost);
    EXPECT_EQ(end_of(waiting).answer.error().progress, exchange_progress::sent);
    EXPECT_EQ(end_of(reading).answer.error().progress, exchange_progress::answered);
    EXPECT_FALSE(tried->takes_more());
    auto& late = begin();
    EXPECT_EQ(end_of(late).answer.error().progress, exchange_progress::unsent);
}

TEST_F(sessions, tell_of_settings_that_change) {
    settle(10);
    auto const before = changes;
    write(wire::settings({{3, 2}}));
    bench.run_until([&] { return changes > before; });
    EXPECT_EQ(tried->streams_allowed(), 2U);
}

TEST_F(sessions, reset_streams_at_a_pace_that_servers_bear) {
    settle();
    begin_many(500);
    for (int n = 0; n < 300; ++n)
        calls[static_cast<std::size_t>(n)].stop.request(stop_reason::cancelled);
    bench.settle();
    for (int n = 0; n < 300; ++n)
        ASSERT_TRUE(*calls[static_cast<std::size_t>(n)].ended) << "every caller ends at once";
    EXPECT_EQ(read(frame_type::rst_stream).size(), 200U);
    EXPECT_EQ(closed, 200U);
    EXPECT_TRUE(tried->takes_more()) << "most are still awaited";
    pass(1s);
    EXPECT_EQ(read(frame_type::rst_stream).size(), 20U);
    write(wire::ping("12345678", true));
    bench.settle();
    pass(4s);
    EXPECT_EQ(read(frame_type::rst_stream).size(), 80U);
    EXPECT_EQ(closed, 300U);
    answer(999);
    EXPECT_TRUE(end_of(calls[499]).answer);
    EXPECT_FALSE(*calls[498].ended);
}

TEST_F(sessions, take_no_more_when_most_streams_are_abandoned) {
    settle();
    begin_many(400);
    for (std::size_t n = 0; n < 350; ++n)
        calls[n].stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_FALSE(tried->takes_more());
    write(wire::ping("12345678", true));
    answer(799);
    EXPECT_TRUE(end_of(calls[399]).answer) << "those that are awaited go on";
}

TEST_F(sessions, close_when_nobody_awaits_what_is_still_to_be_reset) {
    settle();
    begin_many(300);
    for (auto& each : calls)
        each.stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(closed, 300U);
    EXPECT_FALSE(tried->takes_more());
    EXPECT_TRUE(is_closed());
}

TEST_F(sessions, go_on_with_few_resets) {
    settle();
    begin_many(150);
    for (auto& each : calls)
        each.stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(closed, 150U);
    EXPECT_TRUE(tried->takes_more());
}

TEST_F(sessions, reset_nothing_that_has_been_answered_meanwhile) {
    settle();
    begin_many(400);
    for (std::size_t n = 0; n < 210; ++n)
        calls[n].stop.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(read(frame_type::rst_stream).size(), 200U);
    for (stream_id id = 401; id < 421; id += 2)
        answer(id);
    bench.run_until([&] { return closed == 210U; });
    pass(5s);
    EXPECT_TRUE(read(frame_type::rst_stream).empty());
}

TEST_F(sessions, say_goodbye_when_they_are_destroyed) {
    settle();
    tried.reset();
    EXPECT_EQ(read(frame_type::goaway).size(), 1U);
}

TEST_F(sessions, vanish_with_what_is_open_on_them) {
    settle();
    begin_many(3);
    begin("{}");
    calls[0].stop.request(stop_reason::cancelled);
    bench.scope().destroy_all();
    tried.reset();
}

TEST_F(sessions, send_bodies_that_need_many_turns) {
    settle();
    auto& asked = begin(std::string(3'000'000, 'b'));
    std::size_t got = 0;
    bench.run_until([&] {
        for (auto const& each : read(frame_type::data)) {
            got += each.payload.size();
            write(wire::window_update(0, static_cast<std::uint32_t>(each.payload.size() + 1)) +
                  wire::window_update(1, static_cast<std::uint32_t>(each.payload.size() + 1)));
        }
        return got == 3'000'000U;
    });
    answer(1);
    EXPECT_TRUE(end_of(asked).answer);
}

} // namespace
} // namespace bctrl::http2
