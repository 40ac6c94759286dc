#include "transport/tunnel/http_tunnel.hpp"

#include "support/scripted_peer.hpp"
#include "support/strand_bench.hpp"
#include "transport/net/connect.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

namespace bctrl::tunnel {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::peer_connection;
using testing::scripted_peer;

constexpr auto* secret = "Basic dXNlcjpjYW5hcnk=";

class tunnels : public ::testing::Test {
protected:
    ~tunnels() override { bench.scope().destroy_all(); }

    using opened = outcome<void, failure>;

    /// Connects to the proxy and begins to ask it.
    testing::pending<opened> begin(scripted_peer const& proxy,
                                   std::string const& host = "api.example",
                                   std::string const& authorization = secret) {
        way = std::make_unique<http_tunnel>(
            proxy_settings{"127.0.0.1", proxy.port(), api_key{authorization}}, host, 443);
        auto connected = bench.finish(
            net::connect(bench.runs_on(), {"127.0.0.1", proxy.port()}, stop, dialling));
        EXPECT_TRUE(connected);
        on = std::move(*connected);
        return bench.start(way->open(*on, stop));
    }
    opened ask(scripted_peer::script script) {
        scripted_peer const proxy{{std::move(script)}};
        auto const done = bench.finish(begin(proxy));
        on.reset();
        return done;
    }
    /// Why a proxy that sends this does not let us through.
    failure refusal_of(std::string const& sent) {
        auto const done = ask([&](peer_connection& c) {
            c.read_request();
            c.write(sent);
            c.read_to_end();
        });
        EXPECT_FALSE(done) << sent;
        if (done) return {};
        EXPECT_THAT(done.error().message,
                    AllOf(HasSubstr("the proxy 127.0.0.1:"), Not(HasSubstr("dXNlcjpj"))));
        return done.error();
    }

    testing::strand_bench bench;
    stop_signal stop;
    net::dial_progress dialling;
    std::unique_ptr<http_tunnel> way;
    std::unique_ptr<net::stream> on;
};

TEST_F(tunnels, are_asked_for_with_host_and_credentials) {
    struct example {
        char const* host;
        char const* authorization;
        char const* expected;
    };
    for (auto const& [host, authorization, expected] : std::initializer_list<example>{
             {"api.example", "",
              "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n\r\n"},
             {"2001:db8::1", "",
              "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n"},
             {"api.example", secret,
              "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443\r\n"
              "Proxy-Authorization: Basic dXNlcjpjYW5hcnk=\r\n\r\n"}}) {
        std::string asked;
        scripted_peer const proxy{{[&](peer_connection& c) {
            asked = c.read_request();
            c.write("HTTP/1.1 200 OK\r\n\r\n");
            c.read_to_end();
        }}};
        EXPECT_TRUE(bench.finish(begin(proxy, host, authorization)));
        on.reset();
        EXPECT_EQ(asked, expected);
    }
}

TEST_F(tunnels, pass_bytes_both_ways) {
    scripted_peer const proxy{{[](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.0 200 Connection established\r\nProxy-agent: x\r\n\r\n");
        c.write("you said " + c.read_until("!"));
        c.read_to_end();
    }}};
    ASSERT_TRUE(bench.finish(begin(proxy)));
    EXPECT_EQ(on->try_write(std::string_view{"hello!"}).bytes, 6U);
    std::array<char, 64> bytes{};
    std::size_t got = 0;
    bench.run_until([&] {
        boost::asio::post(bench.context(), [] {});
        got = on->try_read(bytes).bytes;
        return got > 0;
    });
    EXPECT_EQ((std::string_view{bytes.data(), got}), "you said hello!");
    on.reset();
}

TEST_F(tunnels, open_whatever_pieces_the_answer_comes_in) {
    auto const done = ask([](peer_connection& c) {
        c.socket().set_option(boost::asio::ip::tcp::no_delay{true});
        c.read_request();
        // A length means nothing here (RFC 9110, section 9.3.6).
        for (char const byte : std::string{"HTTP/1.1 100 Continue\r\n\r\n"
                                           "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"})
            c.write({&byte, 1});
        c.read_to_end();
    });
    EXPECT_TRUE(done) << done.error().message;
}

TEST_F(tunnels, are_refused) {
    EXPECT_EQ(refusal_of("HTTP/1.1 407 Proxy Authentication Required\r\n"
                         "Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 3\r\n\r\nno!")
                  .code,
              errc::proxy_unauthenticated);
    EXPECT_EQ(refusal_of("HTTP/1.1 403 dXNlcjpjYW5hcnk=\r\n\r\n").code, errc::proxy_refused)
        << "what it says is not repeated";
    EXPECT_EQ(refusal_of("HTTP/1.0 502 Bad Gateway\r\n\r\n<html>").code, errc::proxy_failed);
}

TEST_F(tunnels, are_not_found_where_no_proxy_is) {
    for (auto const& sent : {std::string{"SSH-2.0-OpenSSH_9.2\r\n"}, std::string(4'000, '\0'),
                             std::string{"HTTP/1.1 200\x01 OK\r\n\r\n"},
                             "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x'),
                             std::string{"HTTP/1.1 200 OK\r\n\r\nearly"}})
        EXPECT_EQ(refusal_of(sent).code, errc::malformed_response) << sent.substr(0, 40);
    std::string endless;
    for (int n = 0; n < 100; ++n)
        endless += "HTTP/1.1 102 Processing\r\n\r\n";
    EXPECT_EQ(refusal_of(endless).code, errc::malformed_response);
}

TEST_F(tunnels, may_break_before_they_open) {
    auto const closes = ask([](peer_connection& c) { c.read_request(); });
    ASSERT_FALSE(closes);
    EXPECT_EQ(closes.error().code, errc::proxy_failed);
    EXPECT_THAT(closes.error().message, HasSubstr("closed the connection"));
    auto const half = ask([](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 O");
    });
    ASSERT_FALSE(half);
    EXPECT_EQ(half.error().code, errc::proxy_failed);
    auto const resets = ask([](peer_connection& c) {
        c.read_request();
        c.reset();
    });
    ASSERT_FALSE(resets);
    EXPECT_EQ(resets.error().code, errc::proxy_failed);
    EXPECT_EQ(resets.error().cause, boost::asio::error::connection_reset);
}

TEST_F(tunnels, stop_at_once) {
    scripted_peer const proxy{{[](peer_connection& c) { c.read_to_end(); }}};
    auto const asked = begin(proxy);
    bench.run_until([&] { return bench.live().watches == 1; });
    EXPECT_FALSE(*asked);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*asked);
    EXPECT_EQ((*asked)->error().code, boost::asio::error::operation_aborted);
    on.reset();
}

} // namespace
} // namespace bctrl::tunnel
