// Sessions that are resumed, and those that must not be.

#include "tls_fixture.hpp"

#include "transport/net/session_cache.hpp"

#include <vector>

namespace bctrl::net {
namespace {

using test::hear_all;
using test::status;
using testing::tls_peer;
using testing::tls_wire;

class tls_resumption : public test::tls_wires, public ::testing::WithParamInterface<int> {
protected:
    tls_resumption() : tls_wires{GetParam()} {}

    /// Connects, takes the tickets that come, and drops the connection.
    bool resumes(tls_peer& to, std::string const& host = "localhost") {
        SSL_CTX_set_max_proto_version(to.context(), GetParam());
        auto const wire = plain(to);
        EXPECT_TRUE(shake(*wire, host));
        wire->serve();
        wire->deliver();
        EXPECT_EQ(hear_all(wire->client()).last.what, status::want_read);
        wire->say("hello");
        wire->deliver();
        EXPECT_EQ(hear_all(wire->client()).text, "hello");
        EXPECT_EQ(SSL_session_reused(wire->server()) == 1, wire->client().resumed());
        wire->say_goodbye(); // never delivered; the server's own session stays good
        return wire->client().resumed();
    }
};

INSTANTIATE_TEST_SUITE_P(version, tls_resumption, ::testing::Values(TLS1_2_VERSION, TLS1_3_VERSION),
                         [](auto const& each) {
                             return each.param == TLS1_2_VERSION ? "tls_1_2" : "tls_1_3";
                         });

TEST_P(tls_resumption, happens_at_every_reconnect) {
    EXPECT_FALSE(resumes(peer));
    for (int n = 0; n < 100; ++n)
        ASSERT_TRUE(resumes(peer)) << n;
    EXPECT_EQ(bench.live().handshakes, 101);
    EXPECT_EQ(bench.live().handshakes_resumed, 100);
    EXPECT_LE((*context)->resumable(), session_cache::most_of_a_host);
}

TEST_P(tls_resumption, happens_for_all_who_connect_at_once) {
    EXPECT_FALSE(resumes(peer));
    std::vector<std::unique_ptr<tls_wire>> wires;
    std::vector<testing::pending<outcome<void, failure>>> ended;
    for (int n = 0; n < 50; ++n) {
        auto& wire = *wires.emplace_back(plain(peer));
        ended.push_back(bench.start(handshake(wire.client(), **context, "localhost", stop)));
    }
    for (int turn = 0; turn < 10; ++turn) {
        for (auto const& each : wires) {
            each->serve();
            each->deliver();
        }
        bench.settle();
    }
    for (auto const& each : ended)
        EXPECT_TRUE(*each && **each);
    EXPECT_EQ(bench.live().handshakes_resumed, 50);
}

TEST_P(tls_resumption, begins_anew_with_a_server_that_forgot) {
    EXPECT_FALSE(resumes(peer));
    tls_peer restarted{test::trusted().issue()};
    EXPECT_FALSE(resumes(restarted)) << "other keys for its tickets";
    for (int n = 0; n < 10; ++n)
        EXPECT_TRUE(resumes(restarted)) << n << ": what the old one gave is not offered again";
}

TEST_P(tls_resumption, is_not_tried_again_after_a_handshake_that_failed) {
    EXPECT_FALSE(resumes(peer));
    while ((*context)->resumable() > 0) {
        auto const before = (*context)->resumable();
        auto const wire = plain(peer);
        auto const ended = bench.start(handshake(wire->client(), **context, "localhost", stop));
        wire->cut();
        bench.settle();
        ASSERT_TRUE(*ended);
        EXPECT_EQ((*ended)->error().code, errc::connection_lost);
        ASSERT_LT((*context)->resumable(), before);
    }
    EXPECT_FALSE(resumes(peer));
}

TEST_P(tls_resumption, is_for_the_same_host_only) {
    EXPECT_FALSE(resumes(peer, "localhost"));
    EXPECT_FALSE(resumes(peer, "127.0.0.1"));
    EXPECT_FALSE(resumes(peer, "::1"));
    EXPECT_TRUE(resumes(peer, "localhost"));
    EXPECT_TRUE(resumes(peer, "127.0.0.1"));
    EXPECT_TRUE(resumes(peer, "::1"));
}

TEST_P(tls_resumption, is_for_the_same_configuration_only) {
    EXPECT_FALSE(resumes(peer));
    auto other = tls_context::make({ca.path()});
    ASSERT_TRUE(other);
    EXPECT_EQ((*other)->open("localhost")->offered, 0U);
    EXPECT_NE((*context)->open("localhost")->offered, 0U);
}

TEST_P(tls_resumption, works_with_session_ids_too) {
    if (GetParam() == TLS1_2_VERSION) {
        SSL_CTX_set_options(peer.context(), SSL_OP_NO_TICKET);
    }
    EXPECT_FALSE(resumes(peer));
    for (int n = 0; n < 10; ++n)
        EXPECT_TRUE(resumes(peer)) << n;
}

TEST_P(tls_resumption, leaves_nothing_behind_that_a_late_ticket_could_hurt) {
    auto const wire = plain(peer);
    EXPECT_TRUE(shake(*wire));
    context = tls_context::make({ca.path()});
    wire->serve();
    wire->say("later");
    wire->deliver();
    EXPECT_EQ(hear_all(wire->client()).text, "later");
    EXPECT_EQ((*context)->resumable(), 0U);
}

} // namespace
} // namespace bctrl::net
