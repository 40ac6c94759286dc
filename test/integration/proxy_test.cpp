// Proxies that refuse, break and stay silent, as a user of the library meets them.

#include "client_fixture.hpp"
#include "support/scripted_peer.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::peer_connection;
using testing::scripted_peer;

constexpr auto* password = "canary-5f3a";
constexpr auto* password_shown = "Y2FuYXJ5LTVmM2E"; // the same in Base64, behind "user12"

/// Neither the password nor what the proxy is shown.
MATCHER(shows_no_secret, "") {
    std::string const text{arg};
    return text.find("canary") == std::string::npos && text.find("dXNlc") == std::string::npos &&
           text.find(password_shown) == std::string::npos;
}

client_config config_with(scripted_peer const& proxy) {
    client_config config;
    config.key = api_key{"sk_1"};
    config.base_url = "https://api.example";
    config.proxy = proxy_url{"http://user12:" + std::string{password} +
                             "@127.0.0.1:" + std::to_string(proxy.port())};
    config.retry.base_delay = 1ms;
    config.retry.max_delay = 2ms;
    return config;
}

asio::awaitable<void> get(client_config config) {
    client from{co_await asio::this_coro::executor, config};
    co_await from.operations().get("op_1");
}

/// How a get ends that meets these proxies, one at each connection.
request_error end_of_get(std::vector<scripted_peer::script> scripts) {
    scripted_peer const proxy{std::move(scripts)};
    event_loop loop;
    try {
        loop.run(get(config_with(proxy)));
    } catch (request_error const& e) {
        EXPECT_THAT(e.what(), shows_no_secret());
        EXPECT_THAT(e.details().message, shows_no_secret());
        return e;
    }
    throw std::runtime_error{"there is no such host"};
}

scripted_peer::script answers(std::string text) {
    return [text = std::move(text)](peer_connection& c) {
        EXPECT_THAT(c.read_request(), HasSubstr("Proxy-Authorization: Basic "));
        c.write(text);
        c.read_to_end();
    };
}

TEST(proxy, that_wants_other_credentials_ends_a_call_at_once) {
    auto const e = end_of_get({answers("HTTP/1.1 407 No\r\n\r\n")});
    EXPECT_EQ(e.code(), errc::proxy_unauthenticated);
    EXPECT_TRUE(e.code() == condition::auth);
    EXPECT_FALSE(e.code() == condition::retryable);
    EXPECT_EQ(e.details().attempts, 1U);
    EXPECT_EQ(e.details().cause, error_code(407, proxy_status_category()));
    EXPECT_EQ(e.details().status, 0) << "the service has not answered";
    EXPECT_THAT(e.what(), HasSubstr("client_config::proxy or HTTPS_PROXY"));
}

TEST(proxy, that_forbids_the_host_ends_a_call_at_once) {
    auto const e = end_of_get({answers("HTTP/1.1 403 Forbidden\r\n\r\n")});
    EXPECT_EQ(e.code(), errc::proxy_refused);
    EXPECT_EQ(e.details().attempts, 1U);
    EXPECT_THAT(e.what(), AllOf(HasSubstr("api.example:443"), HasSubstr("NO_PROXY")));
}

TEST(proxy, that_cannot_reach_the_host_is_asked_again) {
    auto const bad = answers("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>");
    auto const e = end_of_get({bad, bad, bad, bad});
    EXPECT_EQ(e.code(), errc::proxy_failed);
    EXPECT_TRUE(e.code() == condition::retryable);
    EXPECT_EQ(e.details().attempts, 4U);
    EXPECT_EQ(e.details().cause.value(), 502);
}

TEST(proxy, may_be_none) {
    auto const e = end_of_get({answers("220 mail ESMTP\r\n")});
    EXPECT_EQ(e.code(), errc::malformed_response);
    EXPECT_THAT(e.what(), HasSubstr("does not speak as an HTTP proxy does"));
}

TEST(proxy, cannot_read_what_goes_through_it) {
    // A proxy that answers in the host's place is found out by TLS.
    auto const e = end_of_get({[](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\n\r\n");
        EXPECT_THAT(c.read_until("\x16\x03\x01"), Not(HasSubstr("sk_1"))) << "a ClientHello";
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        c.read_to_end();
    }});
    EXPECT_TRUE(e.code() == condition::transport) << e.what();
}

TEST(proxy, that_stays_silent_is_explained_without_its_password) {
    scripted_peer const proxy{{[](peer_connection& c) { c.read_to_end(); }}};
    event_loop loop;
    std::optional<client> from{std::in_place, loop.executor(), config_with(proxy)};
    std::optional<explanation> seen;
    from->operations().get("op_1", [](error_code, operation const&) {});
    for (int n = 0; n < 2'000 && !(seen && seen->lanes[0].tunnelling == 1); ++n) {
        from->explain([&](error_code, explanation what) { seen = std::move(what); });
        loop.context().restart();
        loop.context().run_for(5ms);
    }
    ASSERT_TRUE(seen && seen->lanes[0].tunnelling == 1);
    EXPECT_THAT(to_text(*seen), AllOf(HasSubstr("1 asking the proxy"), shows_no_secret()));
    EXPECT_THAT(to_json(*seen), AllOf(HasSubstr("\"tunnelling\":1"), shows_no_secret()));
    from.reset();
    loop.drive();
}

} // namespace
} // namespace bctrl::test
