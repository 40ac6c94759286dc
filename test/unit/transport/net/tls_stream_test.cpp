// The stream over OpenSSL, byte by byte: what arrives in one piece or in many, and what is not TLS.

#include "tls_fixture.hpp"

#include <algorithm>

namespace bctrl::net {
namespace {

using test::hear_all;
using test::status;
using ::testing::HasSubstr;
using testing::tls_wire;

class tls_stream : public test::tls_wires, public ::testing::WithParamInterface<int> {
protected:
    tls_stream() : tls_wires{GetParam()} {}
};

INSTANTIATE_TEST_SUITE_P(version, tls_stream, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](auto const& each) {
                             return each.param == TLS1_2_VERSION ? "tls_1_2" : "tls_1_3";
                         });

TEST_P(tls_stream, shakes_hands_over_pieces_of_any_size) {
    for (std::size_t const at_a_time : {1U, 2U, 3U, 5U, 7U, 64U, 1'000U}) {
        auto const wire = connect();
        ASSERT_EQ(wire->shake_hands(at_a_time).what, status::moved) << at_a_time;
        EXPECT_EQ(SSL_version(wire->server()), GetParam());
        wire->say("hello");
        wire->deliver();
        EXPECT_EQ(hear_all(wire->client()).text, "hello");
    }
}

TEST_P(tls_stream, notices_an_end_anywhere_in_the_handshake) {
    auto const all = [this] {
        auto const wire = connect();
        EXPECT_EQ(wire->client().try_handshake().what, status::want_read);
        wire->serve();
        return wire->said().size();
    }();
    for (std::size_t cut = 0; cut < all; cut += 3) {
        auto const wire = connect();
        ASSERT_EQ(wire->client().try_handshake().what, status::want_read);
        wire->serve();
        wire->deliver(cut);
        wire->cut();
        auto step = wire->client().try_handshake();
        for (int n = 0; n < 10 && step.what == status::want_read; ++n)
            step = wire->client().try_handshake();
        // Signatures differ in length from one handshake to the next.
        if (wire->said().empty()) continue;
        ASSERT_EQ(step.what, status::truncated) << cut << " of " << all;
        ASSERT_EQ(ERR_peek_error(), 0U);
    }
}

TEST_P(tls_stream, reads_records_that_are_cut_anywhere) {
    auto const wire = secured();
    wire->say("all of it");
    auto const size = wire->said().size();
    wire->deliver();
    EXPECT_EQ(hear_all(wire->client()).text, "all of it");
    for (std::size_t cut = 0; cut < size; ++cut) {
        wire->say("all of it");
        wire->deliver(cut);
        auto const first = hear_all(wire->client());
        EXPECT_EQ(first.text, "");
        ASSERT_EQ(first.last.what, status::want_read) << cut;
        wire->deliver();
        ASSERT_EQ(hear_all(wire->client()).text, "all of it") << cut;
    }
}

TEST_P(tls_stream, notices_an_end_anywhere_in_a_record) {
    for (std::size_t cut = 0; cut < 30; ++cut) {
        auto const wire = secured();
        wire->say("some of it");
        ASSERT_GT(wire->said().size(), cut);
        wire->deliver(cut);
        wire->cut();
        auto const got = hear_all(wire->client());
        EXPECT_EQ(got.text, "");
        ASSERT_EQ(got.last.what, status::truncated) << cut;
    }
}

TEST_P(tls_stream, tells_an_end_in_order_from_one_that_is_not) {
    for (bool const in_order : {true, false}) {
        auto const wire = secured();
        wire->say("last words");
        if (in_order) wire->say_goodbye();
        wire->deliver();
        wire->cut();
        auto const got = hear_all(wire->client());
        EXPECT_EQ(got.text, "last words");
        EXPECT_EQ(got.last.what, in_order ? status::ended : status::truncated);
        EXPECT_EQ(hear_all(wire->client()).last.what, got.last.what) << "asked again";
    }
}

TEST_P(tls_stream, reads_several_records_at_once_and_in_small_bites) {
    for (std::size_t const bite : {1U, 3U, 16'384U}) {
        auto const wire = secured();
        std::string sent;
        for (int n = 0; n < 20; ++n) {
            auto const record = std::to_string(n) + std::string(static_cast<std::size_t>(n), '.');
            wire->say(record);
            sent += record;
        }
        wire->deliver();
        auto const got = hear_all(wire->client(), bite);
        EXPECT_EQ(got.text, sent);
        EXPECT_EQ(got.last.what, status::want_read);
    }
}

TEST_P(tls_stream, reads_the_largest_records_byte_by_byte) {
    auto const wire = secured();
    std::string const sent(40'000, 'x');
    wire->say(sent);
    std::string got;
    while (!wire->said().empty()) {
        wire->deliver(997);
        got += hear_all(wire->client()).text;
    }
    EXPECT_EQ(got, sent);
}

TEST_P(tls_stream, writes_through_a_socket_that_takes_little) {
    auto const wire = secured();
    std::string const sent(1'000'000, 'y');
    std::string_view left{sent};
    std::string heard;
    bool waited = false;
    for (int n = 0; n < 10'000 && heard.size() < sent.size(); ++n) {
        auto const step = wire->client().try_write(left);
        waited = waited || step.what == status::want_write;
        left.remove_prefix(step.bytes);
        if (step.what == status::want_write || left.empty()) heard += wire->hear();
    }
    EXPECT_EQ(heard, sent);
    EXPECT_TRUE(waited);
}

TEST_P(tls_stream, waits_for_room_to_shake_hands) {
    auto const wire = connect();
    std::string const filling(1'000'000, 'f');
    auto const filled = ::send(wire->client_descriptor(), filling.data(), filling.size(), 0);
    ASSERT_GT(filled, 0);
    EXPECT_EQ(wire->client().try_handshake().what, status::want_write);
    std::string drain(static_cast<std::size_t>(filled), '\0');
    ASSERT_EQ(::recv(wire->descriptor(), drain.data(), drain.size(), MSG_WAITALL), filled);
    EXPECT_EQ(wire->shake_hands().what, status::moved);
}

TEST_P(tls_stream, is_not_misled_by_errors_of_others) {
    auto const wire = connect();
    for (int n = 0; n < 100; ++n) {
        ERR_raise(ERR_LIB_SSL, SSL_R_UNEXPECTED_EOF_WHILE_READING);
        auto const step = wire->client().try_handshake();
        if (step.what == status::moved) break;
        ASSERT_EQ(step.what, status::want_read);
        EXPECT_EQ(ERR_peek_error(), 0U);
        wire->serve();
        wire->deliver(100);
    }
    char byte = 0;
    ERR_raise(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
    EXPECT_EQ(wire->client().try_read({&byte, 1}).what, status::want_read);
    ERR_raise(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
    EXPECT_EQ(wire->client().try_write("x").what, status::moved);
    wire->cut();
    wire->said().clear();
    ERR_raise(ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER);
    EXPECT_EQ(wire->client().try_read({&byte, 1}).what, status::truncated);
    EXPECT_EQ(ERR_peek_error(), 0U) << "nor does it mislead others";
}

struct garbage {
    char const* name;
    std::string bytes;
};

std::vector<garbage> garbage_instead_of_a_record() {
    using namespace std::string_literals;
    return {
        {"larger_than_allowed", "\x17\x03\x03\xff\xff"s + std::string(1'000, 'x')},
        {"just_larger_than_allowed", "\x17\x03\x03\x41\x01"s + std::string(16'641, 'x')},
        {"of_no_bytes", "\x17\x03\x03\x00\x00"s},
        {"of_an_unknown_kind", "\x63\x03\x03\x00\x20"s + std::string(32, 'x')},
        {"of_another_protocol", "HTTP/1.1 200 OK\r\n\r\n"},
        {"of_zeros", std::string(40, '\0')},
        {"damaged", "\x17\x03\x03\x00\x40"s + std::string(64, 'x')},
    };
}

TEST_P(tls_stream, fails_at_what_is_no_record) {
    for (auto const& each : garbage_instead_of_a_record()) {
        auto const wire = secured();
        wire->say_raw(each.bytes);
        wire->deliver();
        auto const got = hear_all(wire->client());
        EXPECT_EQ(got.text, "");
        ASSERT_EQ(got.last.what, status::failed) << each.name;
        EXPECT_EQ(got.last.error.category(), tls_category()) << each.name;
        EXPECT_EQ(ERR_peek_error(), 0U);
    }
}

TEST_P(tls_stream, fails_at_what_is_no_handshake) {
    for (auto const& each : garbage_instead_of_a_record()) {
        auto const wire = connect();
        ASSERT_EQ(wire->client().try_handshake().what, status::want_read);
        wire->say_raw(each.bytes);
        wire->deliver();
        wire->cut();
        auto const step = wire->client().try_handshake();
        ASSERT_EQ(step.what, status::failed) << each.name;
        EXPECT_EQ(step.error.category(), tls_category()) << each.name;
    }
}

TEST_P(tls_stream, fails_with_the_alert_of_the_server) {
    auto const wire = secured();
    // What the server cannot decrypt it answers with a fatal alert.
    auto const garbage = std::string("\x17\x03\x03\x00\x40", 5) + std::string(64, 'x');
    ASSERT_GT(::send(wire->client_descriptor(), garbage.data(), garbage.size(), 0), 0);
    EXPECT_EQ(wire->hear(), "");
    wire->deliver();
    auto const got = hear_all(wire->client());
    ASSERT_EQ(got.last.what, status::failed);
    EXPECT_THAT(got.last.error.message(), HasSubstr("\"bad record mac\""));
}

TEST_P(tls_stream, reads_records_that_are_padded) {
    SSL_CTX_set_block_padding(peer.context(), 512);
    auto const wire = secured();
    wire->say("short");
    wire->deliver();
    EXPECT_EQ(hear_all(wire->client()).text, "short");
}

} // namespace
} // namespace bctrl::net
