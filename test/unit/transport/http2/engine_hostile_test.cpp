// What a server must not send: one stream suffers where the RFC says so, else the connection ends.

#include "engine_bench.hpp"

#include <functional>

namespace bctrl::http2 {
namespace {

using wire::frame_type;

struct bad_stream {
    char const* name;
    std::string sent;
    errc expected;
};

class hostile_streams : public engines, public ::testing::WithParamInterface<bad_stream> {};

TEST_P(hostile_streams, end_alone) {
    auto& asked = ask();
    auto& sibling = ask();
    ASSERT_TRUE(feed(GetParam().sent)) << fault->message;
    frames();
    EXPECT_TRUE(asked.ended);
    EXPECT_FALSE(asked.complete);
    ASSERT_TRUE(asked.refused);
    EXPECT_EQ(asked.refused->code, GetParam().expected) << asked.refused->message;
    EXPECT_FALSE(sibling.ended);
    answer(3);
    EXPECT_TRUE(sibling.complete);
    EXPECT_FALSE(tried.is_over());
}

std::string many_fields(int count) {
    wire::fields all{{":status", "200"}};
    for (int n = 0; n < count; ++n)
        all.emplace_back("x" + std::to_string(n), "");
    return wire::headers(1, all);
}

std::string many_interim_answers(int count) {
    std::string all;
    for (int n = 0; n < count; ++n)
        all += wire::headers(1, {{":status", "103"}});
    return all;
}

std::string large_body() {
    return wire::headers(1, {{":status", "200"}}) + wire::data(1, std::string(8'000, 'x')) +
           wire::data(1, std::string(2'001, 'x'), true);
}

INSTANTIATE_TEST_SUITE_P(
    that, hostile_streams,
    ::testing::Values(
        bad_stream{"have_a_large_head",
                   wire::headers(1, {{":status", "200"}, {"x", std::string(1'000, 'x')}}),
                   errc::header_too_large},
        bad_stream{"have_many_fields", many_fields(21), errc::header_too_large},
        bad_stream{"have_a_large_body", large_body(), errc::body_too_large},
        bad_stream{"have_a_large_trailer",
                   wire::headers(1, {{":status", "200"}}) +
                       wire::headers(1, {{"x", std::string(1'000, 'x')}}, true),
                   errc::header_too_large},
        bad_stream{"have_interim_answers_without_end", many_interim_answers(17),
                   errc::malformed_response},
        bad_stream{"switch_protocols", wire::headers(1, {{":status", "101"}}),
                   errc::malformed_response},
        bad_stream{"have_no_status", wire::headers(1, {{"x", "y"}}), errc::malformed_response},
        bad_stream{"have_two_status", wire::headers(1, {{":status", "200"}, {":status", "200"}}),
                   errc::malformed_response},
        bad_stream{"have_a_status_behind_a_field",
                   wire::headers(1, {{"x", "y"}, {":status", "200"}}), errc::malformed_response},
        bad_stream{"have_fields_in_capitals", wire::headers(1, {{":status", "200"}, {"X-Y", "z"}}),
                   errc::malformed_response},
        bad_stream{"have_fields_of_a_connection",
                   wire::headers(1, {{":status", "200"}, {"transfer-encoding", "chunked"}}),
                   errc::malformed_response},
        bad_stream{"have_pseudo_fields_of_requests",
                   wire::headers(1, {{":status", "200"}, {":path", "/"}}),
                   errc::malformed_response}),
    [](auto const& one) { return one.param.name; });

TEST_F(engines, do_not_take_a_body_of_another_length_than_announced) {
    for (std::string const body : {"short", "longer than it"}) {
        auto& asked = ask();
        feed(wire::headers(asked.id, {{":status", "200"}, {"content-length", "10"}}) +
             wire::data(asked.id, body, true));
        frames();
        EXPECT_TRUE(asked.ended);
        EXPECT_FALSE(asked.complete) << body;
    }
    EXPECT_FALSE(tried.is_over());
}

TEST_F(engines, do_not_take_data_without_a_head) {
    auto& asked = ask();
    feed(wire::data(1, "{}", true));
    frames();
    EXPECT_FALSE(asked.complete);
}

struct bad_connection {
    char const* name;
    std::string sent;
    reset_code told;
};

class hostile_connections : public engines, public ::testing::WithParamInterface<bad_connection> {};

TEST_P(hostile_connections, are_ended) {
    ask();
    auto const refused = !feed(GetParam().sent);
    auto const sent = frames(frame_type::goaway);
    ASSERT_EQ(sent.size(), 1U) << "the server is told why";
    EXPECT_EQ(wire::number_in(sent[0].payload.substr(4, 4)),
              static_cast<std::uint32_t>(GetParam().told));
    EXPECT_TRUE(refused || tried.is_over());
    EXPECT_EQ(tried.fault().code, errc::malformed_response);
}

std::string many_continuations() {
    auto all = wire::text_of({frame_type::headers, 0, 1, wire::header_block({{":status", "200"}})});
    for (int n = 0; n < 100; ++n)
        all += wire::text_of({frame_type::continuation, 0, 1, wire::header_block({{"x", "y"}})});
    return all;
}

INSTANTIATE_TEST_SUITE_P(
    that, hostile_connections,
    ::testing::Values(
        bad_connection{
            "break_header_compression",
            wire::text_of({frame_type::headers, wire::end_headers, 1, "\xff\xff\xff\xff\xff\xff"}),
            reset_code::compression_error},
        bad_connection{"send_large_frames",
                       wire::text_of({frame_type::data, 0, 1, std::string(16'385, 'x')}),
                       reset_code::frame_size_error},
        bad_connection{"send_data_for_the_connection", wire::text_of({frame_type::data, 0, 0, "x"}),
                       reset_code::protocol_error},
        bad_connection{"open_streams_of_their_own", wire::headers(2, {{":status", "200"}}),
                       reset_code::protocol_error},
        bad_connection{"push",
                       wire::text_of({frame_type::push_promise, wire::end_headers, 1,
                                      wire::number(2, 4) + wire::header_block({{":path", "/"}})}),
                       reset_code::protocol_error},
        bad_connection{"answer_what_was_not_asked", wire::headers(99, {{":status", "200"}}),
                       reset_code::protocol_error},
        bad_connection{"continue_nothing",
                       wire::text_of({frame_type::continuation, wire::end_headers, 1, "x"}),
                       reset_code::protocol_error},
        bad_connection{
            "interrupt_a_head",
            wire::text_of({frame_type::headers, 0, 1, wire::header_block({{":status", "200"}})}) +
                wire::ping("12345678"),
            reset_code::protocol_error},
        bad_connection{
            "pad_more_than_there_is",
            wire::text_of({frame_type::data, wire::padded, 1, wire::number(200, 1) + "x"}),
            reset_code::protocol_error},
        bad_connection{"overflow_the_window", wire::window_update(0, 0x7fffffff),
                       reset_code::flow_control_error},
        bad_connection{"open_the_window_by_nothing", wire::window_update(0, 0),
                       reset_code::protocol_error},
        bad_connection{"break_settings", wire::text_of({frame_type::settings, 0, 0, "12345"}),
                       reset_code::frame_size_error},
        bad_connection{"allow_huge_windows", wire::settings({{4, 0xffffffff}}),
                       reset_code::flow_control_error},
        bad_connection{"break_pings", wire::text_of({frame_type::ping, 0, 0, "1234"}),
                       reset_code::frame_size_error}),
    [](auto const& one) { return one.param.name; });

TEST_F(engines, end_a_connection_that_continues_a_head_without_end) {
    ask();
    auto const refused = !feed(many_continuations());
    frames();
    EXPECT_TRUE(refused || tried.is_over());
}

/// Each asks for an answer, and answers are kept until they can be written.
TEST_F(engines, end_a_connection_that_floods_them) {
    struct {
        char const* name;
        std::string one;
    } const table[] = {{"pings", wire::ping("12345678")}, {"settings", wire::settings()}};
    for (auto const& [name, one] : table) {
        engine other{limits, *this};
        EXPECT_FALSE(other.feed(wire::settings()));
        int taken = 0;
        while (taken < 100'000 && !other.feed(one) && !other.is_over())
            ++taken;
        EXPECT_LT(taken, 5'000) << name;
    }
}

TEST_F(engines, do_not_take_http1_for_http2) {
    engine other{limits, *this};
    auto const fault_of_it =
        other.feed(std::string{"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"});
    std::string pending;
    other.take_pending(pending, 1 << 16);
    EXPECT_TRUE(fault_of_it || other.is_over());
    EXPECT_EQ(other.fault().code, errc::malformed_response);
}

TEST_F(engines, bound_what_interim_answers_take_together) {
    auto& asked = ask();
    for (int n = 0; n < 3; ++n)
        feed(wire::headers(1, {{":status", "103"}, {"x", std::string(400, 'x')}}));
    frames();
    ASSERT_TRUE(asked.refused);
    EXPECT_EQ(asked.refused->code, errc::header_too_large);
}

} // namespace
} // namespace bctrl::http2
