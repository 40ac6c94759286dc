// What servers send besides data once a connection is open: tickets, key updates, requests to renegotiate.

#include "tls_fixture.hpp"

#include "transport/http1/exchange.hpp"

#include <boost/asio/error.hpp>

namespace bctrl::net {
namespace {

using test::hear_all;
using test::status;
using testing::tls_wire;

constexpr std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Most of the tickets fit into a socket at once.
constexpr int many = 500;

class tls_messages : public test::tls_wires {
protected:
    void update_keys(tls_wire& wire, int kind) {
        ASSERT_EQ(SSL_key_update(wire.server(), kind), 1);
        wire.say_what_is_due();
    }
    void send_ticket(tls_wire& wire) {
        ASSERT_EQ(SSL_new_session_ticket(wire.server()), 1);
        wire.say_what_is_due();
    }
    /// A request whose answer has not come.
    testing::pending<http1::exchanged> park(tls_wire& wire) {
        auto parked = bench.start(http1::exchange(wire.client(), "GET / HTTP/1.1\r\n\r\n", false,
                                                  exchange_limits{}, scratch, stop, told));
        EXPECT_EQ(wire.hear(), "GET / HTTP/1.1\r\n\r\n");
        EXPECT_FALSE(*parked);
        return parked;
    }
    void deliver(tls_wire& wire) {
        for (int turn = 0; turn < 1'000 && !wire.said().empty(); ++turn) {
            wire.deliver();
            bench.settle();
        }
    }

    std::vector<char> scratch = std::vector<char>(16'384);
    activity told;
};

TEST_F(tls_messages, of_key_updates_do_not_disturb_what_is_parked) {
    for (int const kind : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED}) {
        auto const wire = secured();
        auto const parked = park(*wire);
        for (int n = 0; n < 3; ++n) {
            update_keys(*wire, kind);
            deliver(*wire);
        }
        EXPECT_FALSE(*parked);
        wire->say(answer);
        deliver(*wire);
        ASSERT_TRUE(*parked);
        EXPECT_EQ((*parked)->answer->body, "ok");
        EXPECT_TRUE((*parked)->reusable);
        auto const again = park(*wire);
        wire->say(answer);
        deliver(*wire);
        EXPECT_TRUE(*again) << "the client has updated its keys when it was asked to";
    }
}

TEST_F(tls_messages, of_key_updates_may_stand_between_the_parts_of_a_body) {
    auto const wire = secured();
    auto const parked = park(*wire);
    std::string const part(100'000, 'p');
    wire->say("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    for (int n = 0; n < 10; ++n) {
        wire->say(part);
        update_keys(*wire, n % 2 ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        deliver(*wire);
    }
    ASSERT_TRUE(*parked);
    ASSERT_TRUE((*parked)->answer);
    EXPECT_EQ((*parked)->answer->body.size(), 10 * part.size());
}

TEST_F(tls_messages, of_tickets_come_while_parked_and_while_idle) {
    auto const wire = secured();
    send_ticket(*wire);
    wire->deliver();
    EXPECT_EQ(hear_all(wire->client()).last.what, status::want_read) << "idle";
    auto const parked = park(*wire);
    send_ticket(*wire);
    auto const half = wire->said().size() / 2;
    wire->deliver(half);
    bench.settle();
    deliver(*wire);
    EXPECT_FALSE(*parked);
    wire->say(answer);
    deliver(*wire);
    ASSERT_TRUE(*parked);
    EXPECT_TRUE((*parked)->reusable);
}

TEST_F(tls_messages, of_tickets_without_end_do_not_hold_a_turn) {
    auto const wire = secured();
    for (int n = 0; n < many; ++n)
        send_ticket(*wire);
    wire->say("at last");
    wire->deliver();
    auto const delivered = wire->unread();
    int turns = 0;
    auto got = hear_all(wire->client());
    for (; got.text.empty() && turns < many; ++turns) {
        ASSERT_EQ(got.last.what, status::want_read);
        auto const left = wire->unread();
        wire->deliver();
        if (turns == 0) {
            EXPECT_GT(left, delivered / 2) << "one turn takes a small part";
        }
        got = hear_all(wire->client());
    }
    EXPECT_EQ(got.text, "at last");
    EXPECT_GT(turns, 5);
    EXPECT_LE((*context)->resumable(), 4U);
}

TEST_F(tls_messages, of_tickets_without_end_are_read_in_many_turns_by_what_is_parked) {
    auto const wire = secured();
    auto const parked = park(*wire);
    for (int n = 0; n < many; ++n)
        send_ticket(*wire);
    wire->say(answer);
    deliver(*wire);
    ASSERT_TRUE(*parked);
    EXPECT_EQ((*parked)->answer->body, "ok");
}

TEST_F(tls_messages, of_key_updates_without_end_do_not_hold_a_turn) {
    auto const wire = secured();
    for (int n = 0; n < many; ++n)
        update_keys(*wire, SSL_KEY_UPDATE_NOT_REQUESTED);
    wire->say("at last");
    wire->deliver();
    EXPECT_EQ(hear_all(wire->client()).last.what, status::want_read);
    EXPECT_GT(wire->unread(), 0U);
    auto got = hear_all(wire->client());
    for (int turn = 0; turn < many && got.text.empty(); ++turn) {
        ASSERT_EQ(got.last.what, status::want_read) << got.last.error.message() << turn;
        wire->deliver();
        got = hear_all(wire->client());
    }
    EXPECT_EQ(got.text, "at last");
}

TEST_F(tls_messages, of_key_updates_are_answered_when_the_server_reads) {
    auto const wire = secured();
    auto const parked = park(*wire);
    // A server that asks and does not read what it asked for: reading waits until it can be written.
    for (int n = 0; n < 10 * many && bench.live().watches == 1; ++n) {
        update_keys(*wire, SSL_KEY_UPDATE_REQUESTED);
        wire->deliver();
        bench.settle();
        if (wire->unread() > 0) break;
    }
    EXPECT_GT(wire->unread(), 0U) << "there was room for every answer";
    wire->say(answer);
    bench.settle();
    EXPECT_FALSE(*parked);
    for (int turn = 0; turn < 100 && !*parked; ++turn) {
        EXPECT_EQ(wire->hear(), "");
        wire->deliver();
        bench.settle();
    }
    ASSERT_TRUE(*parked);
    EXPECT_EQ((*parked)->answer->body, "ok");
}

TEST_F(tls_messages, of_hello_requests_without_end_do_not_hold_a_handshake) {
    speak(TLS1_2_VERSION);
    auto const wire = connect();
    ASSERT_EQ(wire->client().try_handshake().what, status::want_read);
    for (int n = 0; n < many; ++n)
        wire->say_raw(std::string("\x16\x03\x03\x00\x04\x00\x00\x00\x00", 9));
    wire->deliver();
    EXPECT_EQ(wire->client().try_handshake().what, status::want_read);
    EXPECT_GT(wire->unread(), 0U);
}

TEST_F(tls_messages, that_ask_to_renegotiate_are_refused) {
    speak(TLS1_2_VERSION);
    auto const wire = secured();
    auto const parked = park(*wire);
    ASSERT_EQ(SSL_renegotiate(wire->server()), 1);
    wire->say_what_is_due();
    deliver(*wire);
    EXPECT_FALSE(*parked) << "a refusal is no end";
    ERR_clear_error();
    EXPECT_EQ(wire->hear(), "");
    EXPECT_EQ(ERR_GET_REASON(ERR_peek_last_error()), SSL_R_NO_RENEGOTIATION);
    ERR_clear_error();
    // What is still parked ends before the wire under it.
    bench.scope().destroy_all();
}

TEST_F(tls_messages, of_an_answer_may_be_cut_nowhere) {
    constexpr std::string_view framed = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
    for (std::size_t cut = 0; cut <= framed.size(); ++cut) {
        for (bool const in_order : {true, false}) {
            auto const wire = secured();
            auto const parked = park(*wire);
            if (cut > 0) wire->say(framed.substr(0, cut));
            if (in_order) wire->say_goodbye();
            deliver(*wire);
            wire->cut();
            bench.settle();
            ASSERT_TRUE(*parked);
            ASSERT_EQ((*parked)->answer.has_value(), cut == framed.size()) << cut;
            if (cut == framed.size()) continue;
            EXPECT_EQ((*parked)->answer.error().why.code, errc::connection_lost) << cut;
        }
    }
}

TEST_F(tls_messages, do_not_keep_a_session_alive_whose_exchange_was_stopped) {
    auto const wire = secured();
    auto const parked = park(*wire);
    wire->say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
    deliver(*wire);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*parked);
    ASSERT_FALSE((*parked)->answer);
    EXPECT_EQ((*parked)->answer.error().why.code, boost::asio::error::operation_aborted);
    EXPECT_FALSE((*parked)->reusable);
}

} // namespace
} // namespace bctrl::net
