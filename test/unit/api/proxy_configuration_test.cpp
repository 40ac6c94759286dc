#include "api/proxy_configuration.hpp"
#include "api/configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace bctrl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(proxy_url, is_taken_apart) {
    struct example {
        char const* url;
        char const* host;
        unsigned short port;
        char const* authorization;
    };
    for (auto const& [url, host, port, authorization] : std::initializer_list<example>{
             {"http://proxy.example:3128", "proxy.example", 3128, ""},
             {" HTTP://Proxy.Example:3128/ \n", "proxy.example", 3128, ""},
             {"http://proxy.example", "proxy.example", 80, ""},
             {"proxy.example:3128", "proxy.example", 3128, ""},
             {"user:secret@proxy.example:3128", "proxy.example", 3128, "Basic dXNlcjpzZWNyZXQ="},
             {"http://[::1]:3128", "::1", 3128, ""},
             {"http://user:secret@10.0.0.1:1", "10.0.0.1", 1, "Basic dXNlcjpzZWNyZXQ="},
             {"http://user@h:1", "h", 1, "Basic dXNlcjo="},
             {"http://:secret@h:1", "h", 1, "Basic OnNlY3JldA=="},
             {"http://us%65r:%73ecret@h:1", "h", 1, "Basic dXNlcjpzZWNyZXQ="},
             {"http://user:a:b@h:1", "h", 1, "Basic dXNlcjphOmI="},
             {"http://user:a@b@h:1", "h", 1, "Basic dXNlcjphQGI="},
             {"http://user:%c3%a4@h:1", "h", 1, "Basic dXNlcjrDpA=="}}) {
        auto const made = parse_proxy_url(proxy_url{url});
        ASSERT_TRUE(made) << url;
        EXPECT_EQ(made->host, host) << url;
        EXPECT_EQ(made->port, port) << url;
        EXPECT_EQ(made->authorization.reveal(), authorization) << url;
    }
}

TEST(proxy_url, is_refused_without_being_shown) {
    struct example {
        char const* url;
        char const* why;
    };
    for (auto const& [url, why] : std::initializer_list<example>{
             {"https://user:secret@h:1", "TLS to a proxy is not supported"},
             {"socks5://user:secret@h:1", "no other kind is supported"},
             {"secret://h", "no other kind is supported"},
             {"http://", "a host"},
             {"http://user:secret@", "a host"},
             {"http://user:secret@h:0", "a host"},
             {"http://user:secret@h:x", "a host"},
             {"http://user:secret@h:1/path", "a host"},
             {"http://user:secret@h?x", "a host"},
             {"http://user:secret@[fe80::1%25eth0]:1", "a host"},
             {"http://user:secret%@h:1", "a user or a password"},
             {"http://user:secret%4@h:1", "a user or a password"},
             {"http://user:secret%zz@h:1", "a user or a password"},
             {"http://user:secret%0d%0aX@h:1", "a user or a password"},
             {"http://us%3aer:secret@h:1", "a user or a password"}}) {
        auto const made = parse_proxy_url(proxy_url{url});
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().code, errc::invalid_configuration);
        EXPECT_THAT(made.error().message, HasSubstr(why)) << url;
        EXPECT_THAT(made.error().message, Not(HasSubstr("secret"))) << url;
    }
}

class proxied : public ::testing::Test {
protected:
    proxied() {
        config.key = api_key{"sk_1"};
        config.base_url = "https://api.example";
        config.proxy = proxy_url{"http://proxy.example:3128"};
    }
    bool uses_one() const { return configure(config).origin.proxy.has_value(); }

    client_config config;
};

TEST_F(proxied, are_https_origins_only) {
    EXPECT_TRUE(uses_one());
    config.base_url = "https://localhost:8443";
    EXPECT_TRUE(uses_one()) << "as curl does";
    config.base_url = "http://localhost:8787";
    EXPECT_FALSE(uses_one());
    config.base_url = "https://api.example";
    config.unix_socket = "/run/gateway.sock";
    EXPECT_FALSE(uses_one());
}

TEST_F(proxied, are_no_hosts_that_need_none) {
    config.no_proxy = "localhost,.example";
    EXPECT_FALSE(uses_one());
    config.no_proxy = "api.example:8443";
    EXPECT_TRUE(uses_one());
    config.base_url = "https://api.example:8443";
    EXPECT_FALSE(uses_one());
}

TEST_F(proxied, need_a_usable_proxy_if_they_use_it) {
    config.proxy = proxy_url{"https://user:secret@proxy.example"};
    try {
        configure(config);
        ADD_FAILURE() << "it was taken";
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::invalid_configuration);
        EXPECT_THAT(e.what(), HasSubstr("TLS to a proxy is not supported"));
        EXPECT_THAT(e.what(), Not(HasSubstr("secret")));
    }
    config.no_proxy = "*";
    EXPECT_FALSE(uses_one());
}

} // namespace
} // namespace bctrl
