// Calls to a gateway of this machine that listens on a Unix socket.

#include "client_fixture.hpp"
#include "unix_relay.hpp"

#include <gmock/gmock.h>

#include <string>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;

/// What a get, a wait and a cancel of the same work say.
asio::awaitable<std::string> three_calls(client_config config, std::string brief,
                                         std::string endless) {
    client from{co_await asio::this_coro::executor, config};
    auto const ended = co_await from.operations().wait(brief);
    auto const seen = co_await from.operations().get(brief);
    auto const cancelled = co_await from.operations().cancel(endless);
    co_await from.close(1s);
    co_return std::string{ended.operation.status.text()} + " " + std::string{seen.status.text()} +
        " " + std::string{cancelled.status.text()};
}

TEST(unix_socket, carries_plain_http_whatever_the_host_is) {
    emulator::server server;
    unix_relay const gateway{server.port()};
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = "http://api.example";
    config.unix_socket = gateway.path();
    event_loop loop;
    auto const said = loop.run(three_calls(config, server.create_operation(life_of(200ms)),
                                           server.create_operation(life_of(60s))));
    EXPECT_THAT(said, HasSubstr("succeeded succeeded cancel"));
    EXPECT_GE(gateway.accepted(), 2) << "one for each lane";
}

TEST(unix_socket, carries_tls_with_the_host_of_the_url) {
    secure_emulator server;
    unix_relay const gateway{server->port()};
    auto config = server.config();
    config.unix_socket = gateway.path();
    config.base_url = "https://localhost";
    event_loop loop;
    EXPECT_THAT(loop.run(three_calls(config, server->create_operation(life_of(200ms)),
                                     server->create_operation(life_of(60s)))),
                HasSubstr("succeeded succeeded cancel"));

    config.base_url = "https://other.example";
    try {
        loop.run(three_calls(config, "x", "y"));
        ADD_FAILURE() << "its certificate is for another host";
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::certificate_rejected);
    }
}

TEST(unix_socket, may_be_missing) {
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = "http://api.example";
    config.unix_socket = "/nonexistent/gateway.sock";
    config.retry.attempts = 1;
    config.wait.lost_contact_after = 100ms;
    event_loop loop;
    try {
        loop.run(three_calls(config, "x", "y"));
        ADD_FAILURE() << "nobody listens there";
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::lost_contact);
        EXPECT_THAT(e.what(), HasSubstr("/nonexistent/gateway.sock"));
    }
}

} // namespace
} // namespace bctrl::test
