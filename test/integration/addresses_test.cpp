// Addresses of every kind, and dead ones, in real time.

#include "client_fixture.hpp"
#include "support/silent_listener.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

using std::chrono::steady_clock;

emulator::server_options at(std::string host, std::uint16_t port = 0) {
    emulator::server_options options;
    options.host = std::move(host);
    options.port = port;
    return options;
}

asio::awaitable<bool> get_is_answered(client_config config, std::string id) {
    client from{co_await asio::this_coro::executor, config};
    auto const seen = co_await from.operations().get(id);
    co_await from.close(0ms);
    co_return seen.id == id;
}

TEST(addresses, may_be_of_ipv6) {
    secure_emulator server{at("::1")};
    ASSERT_TRUE(server->base_url().starts_with("https://[::1]:"));
    event_loop loop;
    EXPECT_TRUE(loop.run(get_is_answered(server.config(), server->create_operation())));
}

TEST(addresses, of_this_machine_are_of_either_family) {
    for (auto const* host : {"127.0.0.1", "::1"}) {
        secure_emulator server{at(host)};
        auto config = server.config();
        config.base_url = "https://localhost:" + std::to_string(server->port());
        event_loop loop;
        EXPECT_TRUE(loop.run(get_is_answered(config, server->create_operation()))) << host;
    }
}

/// How long the calls take that need a new connection, up to the third.
asio::awaitable<std::vector<steady_clock::duration>> time_of_calls(client_config config,
                                                                   std::string id) {
    client from{co_await asio::this_coro::executor, config};
    std::vector<steady_clock::duration> times;
    for (int n = 0; n < 10'000 && times.size() < 3; ++n) {
        auto const begun = steady_clock::now();
        auto const before = from.stats().connections;
        co_await from.operations().get(id);
        if (from.stats().connections > before) times.push_back(steady_clock::now() - begun);
    }
    co_await from.close(0ms);
    co_return times;
}

TEST(addresses, that_are_dead_cost_a_quarter_of_a_second_once) {
    secure_emulator server{at("::1")};
    testing::silent_listener const dead{{boost::asio::ip::address_v4::loopback(), server->port()}};
    auto config = server.config();
    config.base_url = "https://localhost:" + std::to_string(server->port());
    config.max_connection_age = 1ms;
    event_loop loop;
    auto const times = loop.run(time_of_calls(config, server->create_operation()));
    ASSERT_EQ(times.size(), 3U);
    EXPECT_EQ(server->stats().connections_total, 3U);
    EXPECT_GE(times[0], 250ms);
    // Of the time of a busy machine for the handshake nothing is said here.
    EXPECT_LT(times[0], 2s) << "the deadline of a connection is 10 s";
    EXPECT_LT(std::min(times[1], times[2]), times[0]) << "it is known to be dead";
}

} // namespace
} // namespace bctrl::test
