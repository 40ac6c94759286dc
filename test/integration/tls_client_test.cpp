// The client over TLS against the emulator: reconnects, and what may be switched off for tests.

#include "client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

namespace bctrl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Gets until so many connections were opened.
asio::awaitable<client_stats> reconnect(client_config config, std::string id, std::int64_t times) {
    client from{co_await asio::this_coro::executor, config};
    for (int n = 0; n < 100'000 && from.stats().connections < times; ++n)
        co_await from.operations().get(id);
    auto const seen = from.stats();
    co_await from.close(0ms);
    co_return seen;
}

TEST(tls_client, resumes_nearly_all_reconnects) {
    secure_emulator emulator;
    auto const id = emulator->create_operation();
    auto config = emulator.config();
    config.max_connection_age = 1ms;
    event_loop loop;
    auto const seen = loop.run(reconnect(config, id, 100));
    EXPECT_GE(seen.connections, 100);
    EXPECT_EQ(seen.handshakes, seen.connections);
    EXPECT_GE(seen.handshakes_resumed * 10, seen.handshakes * 9) << seen.handshakes_resumed;
}

/// How a get ends, and what `explain` says then.
asio::awaitable<std::pair<error_code, std::string>> get_and_explain(client_config config,
                                                                    std::string id) {
    client from{co_await asio::this_coro::executor, config};
    auto const [failed, found] =
        co_await from.operations().get(id, asio::as_tuple(asio::use_awaitable));
    auto const seen = co_await from.explain();
    co_await from.close(0ms);
    co_return std::pair{failed, to_text(seen)};
}

TEST(tls_client, takes_any_certificate_only_when_told_to_and_says_so) {
    emulator::certificate_authority const authority;
    emulator::certificate_request other;
    other.alternative_names = {"DNS:other.example"};
    emulator::server_options options;
    options.tls = authority.issue(other);
    emulator::server server{options};
    auto const id = server.create_operation();
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = server.base_url();
    event_loop loop;
    auto const [refused, silence] = loop.run(get_and_explain(config, id));
    EXPECT_EQ(refused, errc::certificate_rejected);
    EXPECT_THAT(silence, Not(HasSubstr("NOT SECURE")));
    config.testing_only_accept_any_certificate = true;
    auto const [ok, warning] = loop.run(get_and_explain(config, id));
    EXPECT_FALSE(ok);
    EXPECT_THAT(warning, HasSubstr("NOT SECURE"));
}

} // namespace
} // namespace bctrl::test
