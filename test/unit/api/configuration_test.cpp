#include "api/configuration.hpp"

#include <bctrl/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto* secret = "sk_very_secret";

client_config usable() {
    client_config config;
    config.key = api_key{secret};
    config.base_url = "http://127.0.0.1:8787";
    return config;
}

struct refusal {
    errc code{};
    std::string text;
};

/// Why `config` is refused; no message ever shows the key.
refusal refusal_of(client_config const& config) {
    try {
        (void)configure(config);
    } catch (request_error const& e) {
        EXPECT_THAT(e.what(), Not(HasSubstr("secret")));
        return {static_cast<errc>(e.code().value()), e.what()};
    }
    return {};
}

refusal refusal_after(std::function<void(client_config&)> const& change) {
    auto config = usable();
    change(config);
    return refusal_of(config);
}

TEST(configure, makes_everything_ready) {
    auto config = usable();
    config.base_url = "http://localhost:8787/proxy/v1";
    config.application = "app/1";
    config.subaccount_id = "sub_1";
    config.limits.control_connections = 3;
    config.limits.wait_connections = 5;
    config.limits.queued_calls = 7;
    config.limits.dials_per_second = 17;
    config.limits.dials_at_once = 19;
    config.queue_timeout = 23ms;
    config.limits.header_bytes = 11;
    config.limits.body_bytes = 13;
    auto const made = configure(config);
    EXPECT_EQ(made.where.prefix, "/proxy");
    EXPECT_EQ(made.origin.host, "localhost");
    EXPECT_EQ(made.origin.port, 8787);
    EXPECT_FALSE(made.origin.tls);
    EXPECT_THAT(made.origin.headers, HasSubstr("Host: localhost:8787\r\n"));
    EXPECT_THAT(made.origin.headers, HasSubstr("User-Agent: app/1 bctrl-cpp/"));
    EXPECT_THAT(made.origin.headers, HasSubstr("BCTRL-Subaccount-Id: sub_1\r\n"));
    EXPECT_THAT(made.origin.headers, HasSubstr("Authorization: Bearer sk_very_secret\r\n"));
    EXPECT_EQ(made.origin.control.limits.connections, 3U);
    EXPECT_EQ(made.origin.wait.limits.connections, 5U);
    EXPECT_EQ(made.origin.wait.limits.queue, 7U);
    EXPECT_EQ(made.origin.dials.per_second, 17U);
    EXPECT_EQ(made.origin.dials.at_once, 19U);
    EXPECT_EQ(made.origin.control.queue_timeout, 23ms);
    EXPECT_EQ(made.origin.wait.queue_timeout, milliseconds::max());
    EXPECT_EQ(made.origin.limits.header_bytes, 11U);
    EXPECT_EQ(made.origin.limits.body_bytes, 13U);
}

TEST(configure, trusts_the_system_unless_told_otherwise) {
    auto config = usable();
    config.base_url = "https://api.example";
    EXPECT_TRUE(configure(config).origin.tls);
}

TEST(configure, needs_a_key) {
    auto const refused = refusal_after([](auto& c) { c.key = api_key{}; });
    EXPECT_EQ(refused.code, errc::invalid_api_key);
    EXPECT_THAT(refused.text, HasSubstr("BCTRL_API_KEY"));
}

TEST(configure, refuses_a_key_that_no_header_may_carry) {
    for (auto const* key :
         {"secret\nX: 1", "secret\r\nX: 1", "my secret", "secret\x01", "secret\xc3"})
        EXPECT_EQ(refusal_after([key](auto& c) { c.key = api_key{key}; }).code,
                  errc::invalid_api_key);
}

TEST(configure, refuses_a_base_url_without_showing_it) {
    for (auto const* url :
         {"", "nonsense", "ftp://h", "https://user:secret@h", "https://h?key=secret"})
        EXPECT_EQ(refusal_after([url](auto& c) { c.base_url = url; }).code,
                  errc::invalid_configuration)
            << url;
}

TEST(configure, sends_the_key_in_the_clear_to_this_machine_only) {
    auto const remote = [](auto& c) { c.base_url = "http://api.example"; };
    auto const refused = refusal_after(remote);
    EXPECT_EQ(refused.code, errc::insecure_origin);
    EXPECT_THAT(refused.text, HasSubstr("api.example"));
    for (auto const* url : {"http://localhost:1", "http://127.0.0.1", "http://[::1]:1"})
        EXPECT_EQ(refusal_after([url](auto& c) { c.base_url = url; }).code, errc{}) << url;
    EXPECT_EQ(refusal_after([&](auto& c) {
                  remote(c);
                  c.allow_insecure_http = true;
              }).code,
              errc{});
}

TEST(configure, tells_what_is_wrong_with_a_zone) {
    for (auto const* url : {"https://[fe80::1%25eth0]:8443", "https://[fe80::1%2]"}) {
        auto const refused = refusal_after([url](auto& c) { c.base_url = url; });
        EXPECT_EQ(refused.code, errc::invalid_configuration);
        EXPECT_THAT(refused.text, HasSubstr("zone"));
    }
}

TEST(configure, knows_address_literals) {
    auto config = usable();
    config.base_url = "https://[::1]:8443/v1";
    auto const made = configure(config);
    EXPECT_EQ(made.origin.host, "::1");
    EXPECT_EQ(made.origin.port, 8443);
    EXPECT_THAT(made.origin.headers, HasSubstr("Host: [::1]:8443\r\n"));
}

TEST(configure, takes_a_unix_socket_for_this_machine) {
    auto config = usable();
    config.base_url = "http://api.example";
    config.unix_socket = "/run/gateway.sock";
    auto const made = configure(config);
    EXPECT_EQ(made.origin.unix_socket, "/run/gateway.sock");
    EXPECT_THAT(made.origin.headers, HasSubstr("Host: api.example\r\n"));
    EXPECT_EQ(refusal_after([](auto& c) { c.unix_socket = std::string(107, 'x'); }).code, errc{});
    for (auto const& path : {std::string(108, 'x'), std::string("/run\0x", 6)})
        EXPECT_EQ(refusal_after([&](auto& c) { c.unix_socket = path; }).code,
                  errc::invalid_configuration);
}

TEST(configure, bounds_the_life_of_addresses) {
    auto config = usable();
    config.address_lifetime = 5s;
    EXPECT_EQ(configure(config).origin.addresses.fresh, 5s);
    EXPECT_EQ(refusal_after([](auto& c) { c.address_lifetime = 0ms; }).code, errc{});
    EXPECT_EQ(refusal_after([](auto& c) { c.address_lifetime = -1ms; }).code,
              errc::invalid_configuration);
}

TEST(configure, refuses_a_ca_file_that_cannot_be_read) {
    for (auto const* file : {"/nonexistent/ca.pem", "/dev/null", BCTRL_TEST_DATA}) {
        auto const refused = refusal_after([file](auto& c) {
            c.base_url = "https://api.example";
            c.ca_file = file;
        });
        EXPECT_EQ(refused.code, errc::invalid_configuration) << file;
        EXPECT_THAT(refused.text, HasSubstr(file));
    }
}

TEST(configure, refuses_header_texts_with_line_breaks) {
    EXPECT_EQ(refusal_after([](auto& c) { c.application = "app\r\nX: 1"; }).code,
              errc::invalid_configuration);
    EXPECT_EQ(refusal_after([](auto& c) { c.subaccount_id = "sub\nX: 1"; }).code,
              errc::invalid_configuration);
    EXPECT_EQ(refusal_after([](auto& c) { c.subaccount_id = "s\x7f"; }).code,
              errc::invalid_configuration);
}

TEST(configure, refuses_bounds_of_nothing) {
    using change = std::function<void(client_config&)>;
    for (auto const& each :
         std::initializer_list<change>{[](auto& c) { c.limits.control_connections = 0; },
                                       [](auto& c) { c.limits.wait_connections = 0; },
                                       [](auto& c) { c.limits.header_bytes = 0; },
                                       [](auto& c) { c.limits.body_bytes = 0; },
                                       [](auto& c) { c.limits.json_depth = 0; },
                                       [](auto& c) { c.call_timeout = 0ms; },
                                       [](auto& c) { c.limits.dials_per_second = 0; },
                                       [](auto& c) { c.limits.dials_at_once = 0; },
                                       [](auto& c) { c.queue_timeout = 0ms; },
                                       [](auto& c) { c.connect_timeout = -1ms; },
                                       [](auto& c) { c.idle_timeout = 0ms; },
                                       [](auto& c) { c.max_connection_age = 0ms; },
                                       [](auto& c) { c.retry.attempts = 0; },
                                       [](auto& c) { c.retry.base_delay = 0ms; },
                                       [](auto& c) { c.retry.max_delay = 0ms; },
                                       [](auto& c) { c.wait.slice = 0ms; },
                                       [](auto& c) { c.wait.slice_margin = 0ms; },
                                       [](auto& c) { c.wait.floor = 0ms; },
                                       [](auto& c) { c.wait.max_floor = 0ms; },
                                       [](auto& c) { c.wait.lost_contact_after = 0ms; }})
        EXPECT_EQ(refusal_after(each).code, errc::invalid_configuration);
    EXPECT_EQ(refusal_after([](auto& c) { c.limits.queued_calls = 0; }).code, errc{})
        << "no queue at all is a choice";
}

/// Sets variables of the environment for one test.
class environment : public ::testing::Test {
protected:
    environment() { clear(); }
    ~environment() override { clear(); }
    static void set(char const* name, char const* value) { ::setenv(name, value, 1); }
    static void clear() {
        for (auto const* name : {"BCTRL_API_KEY", "BCTRL_BASE_URL", "BCTRL_API_BASE_URL",
                                 "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"})
            ::unsetenv(name);
    }
};

TEST_F(environment, may_tell_nothing) {
    auto const config = client_config::from_environment();
    EXPECT_TRUE(config.key.empty());
    EXPECT_EQ(config.base_url, "https://api.bctrl.ai");
    EXPECT_TRUE(config.proxy.empty());
    EXPECT_TRUE(config.no_proxy.empty());
}

TEST_F(environment, tells_key_and_url) {
    set("BCTRL_API_KEY", " k1\n");
    set("BCTRL_BASE_URL", "https://one");
    set("BCTRL_API_BASE_URL", "https://two");
    auto const config = client_config::from_environment();
    EXPECT_EQ(config.key.reveal(), "k1");
    EXPECT_EQ(config.base_url, "https://one");
}

TEST_F(environment, tells_the_proxy_as_it_tells_curl) {
    set("HTTPS_PROXY", "http://upper:1");
    set("NO_PROXY", "upper");
    auto config = client_config::from_environment();
    EXPECT_EQ(config.proxy.reveal(), "http://upper:1");
    EXPECT_EQ(config.no_proxy, "upper");
    set("https_proxy", "http://lower:1");
    set("no_proxy", "lower");
    config = client_config::from_environment();
    EXPECT_EQ(config.proxy.reveal(), "http://lower:1");
    EXPECT_EQ(config.no_proxy, "lower");
}

TEST_F(environment, has_a_second_name_for_the_url) {
    set("BCTRL_BASE_URL", "");
    set("BCTRL_API_BASE_URL", "https://two");
    EXPECT_EQ(client_config::from_environment().base_url, "https://two");
}

} // namespace
} // namespace bctrl
