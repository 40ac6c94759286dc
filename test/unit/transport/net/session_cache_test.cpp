#include "transport/net/session_cache.hpp"

#include "support/tls_peer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;
using testing::tls_peer;

/// A session of TLS 1.2 as a client has it behind a handshake with `server`.
resumable_session session_with(tls_peer& server) {
    static std::unique_ptr<SSL_CTX, openssl_delete> const context{SSL_CTX_new(TLS_client_method())};
    SSL_CTX_set_max_proto_version(server.context(), TLS1_2_VERSION);
    tls_session const client{SSL_new(context.get())};
    tls_session const accepting{SSL_new(server.context())};
    BIO* near = nullptr;
    BIO* far = nullptr;
    BIO_new_bio_pair(&near, 0, &far, 0);
    SSL_set_bio(client.get(), near, near);
    SSL_set_bio(accepting.get(), far, far);
    for (int turn = 0; turn < 10; ++turn) {
        SSL_connect(client.get());
        SSL_accept(accepting.get());
    }
    EXPECT_EQ(SSL_is_init_finished(client.get()), 1);
    return resumable_session{SSL_SESSION_dup(SSL_get0_session(client.get()))};
}

class session_caches : public ::testing::Test {
protected:
    void fill(std::string const& host, int count) {
        for (int n = 0; n < count; ++n)
            cache.store(host, session_with(server));
    }
    std::uint64_t number_of(std::string const& host, std::chrono::seconds from_now = 0s) {
        return cache.take(host, now + from_now.count()).number;
    }

    emulator::certificate_authority authority;
    tls_peer server{authority.issue()};
    session_cache cache;
    std::time_t now = std::time(nullptr);
};

TEST_F(session_caches, give_the_newest_and_never_the_last) {
    fill("a", 3);
    EXPECT_EQ(number_of("a"), 3U);
    EXPECT_EQ(number_of("a"), 2U);
    for (int n = 0; n < 5; ++n) {
        auto const last = cache.take("a", now);
        EXPECT_EQ(last.number, 1U);
        EXPECT_TRUE(last.session);
    }
    EXPECT_EQ(cache.size(), 1U);
}

TEST_F(session_caches, know_hosts_apart) {
    fill("a", 1);
    auto const none = cache.take("b", now);
    EXPECT_EQ(none.number, 0U);
    EXPECT_FALSE(none.session);
}

TEST_F(session_caches, forget_what_was_refused_and_all_before) {
    fill("a", 2);
    fill("b", 1);
    fill("a", 1);
    cache.refused("a", 2);
    EXPECT_EQ(number_of("a"), 4U);
    EXPECT_EQ(number_of("b"), 3U);
    cache.refused("a", 4);
    EXPECT_EQ(number_of("a"), 0U);
}

TEST_F(session_caches, are_bounded) {
    fill("a", 10);
    EXPECT_EQ(cache.size(), session_cache::most_of_a_host);
    EXPECT_EQ(number_of("a"), 10U);
    for (int n = 0; n < 100; ++n)
        fill("host" + std::to_string(n), 1);
    EXPECT_EQ(cache.size(), session_cache::most);
    EXPECT_EQ(number_of("a"), 0U);
    EXPECT_NE(number_of("host99"), 0U);
}

TEST_F(session_caches, drop_tickets_that_are_too_old) {
    fill("a", 1);
    auto const lifetime = std::chrono::seconds{SSL_CTX_get_timeout(server.context())};
    EXPECT_EQ(number_of("a", lifetime - 10s), 1U);
    EXPECT_EQ(number_of("a", lifetime + 10s), 0U);
    EXPECT_EQ(cache.size(), 0U);
}

TEST_F(session_caches, drop_sessions_whose_certificate_has_expired) {
    // Without a ticket nothing tells how long a session lives.
    SSL_CTX_set_options(server.context(), SSL_OP_NO_TICKET);
    fill("a", 1);
    auto const lifetime = emulator::certificate_request{}.valid_until;
    EXPECT_EQ(number_of("a", lifetime - 60s), 1U);
    EXPECT_EQ(number_of("a", lifetime + 60s), 0U);
    EXPECT_EQ(cache.size(), 0U);
}

} // namespace
} // namespace bctrl::net
