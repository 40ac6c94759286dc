#include "api/configuration.hpp"

#include "support/temporary_path.hpp"

#include <bctrl/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

namespace bctrl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto* secret = "c2VjcmV0IGtleQ";

/// Why a configuration for https is refused after `change`; empty if it is not.
std::string refusal_after(std::function<void(client_config&)> const& change) {
    client_config config;
    config.key = api_key{"key"};
    config.base_url = "https://api.example";
    change(config);
    try {
        (void)configure(config);
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::invalid_configuration);
        EXPECT_THAT(e.what(), Not(HasSubstr(secret)));
        return e.what();
    }
    return {};
}

TEST(tls_configuration, takes_any_certificate_on_this_machine_only) {
    auto const any = [](char const* url) {
        return [url](client_config& c) {
            c.base_url = url;
            c.testing_only_accept_any_certificate = true;
        };
    };
    EXPECT_THAT(refusal_after(any("https://api.example")), HasSubstr("\"api.example\" is none"));
    EXPECT_THAT(refusal_after(any("https://10.0.0.1")), HasSubstr("on this machine"));
    EXPECT_EQ(refusal_after(any("https://localhost:1")), "");
    EXPECT_EQ(refusal_after(any("https://127.0.0.1:1")), "");
    EXPECT_EQ(refusal_after(any("https://[::1]:1")), "");
}

TEST(tls_configuration, remembers_that_any_certificate_is_taken) {
    client_config config;
    config.key = api_key{"key"};
    config.base_url = "https://localhost:1";
    EXPECT_FALSE(configure(config).accepts_any_certificate);
    config.testing_only_accept_any_certificate = true;
    EXPECT_TRUE(configure(config).accepts_any_certificate);
}

TEST(tls_configuration, names_the_file_that_cannot_be_used_and_shows_none_of_it) {
    test::temporary_path const file{".pem"};
    std::ofstream{file.path()} << "-----BEGIN PRIVATE KEY-----\n"
                               << secret << "\n-----END PRIVATE KEY-----\n";
    for (auto const member : {&client_config::ca_file, &client_config::client_certificate_file})
        EXPECT_THAT(refusal_after([&](auto& c) { c.*member = file.string(); }),
                    HasSubstr(file.string()));
    EXPECT_THAT(refusal_after([&](auto& c) { c.client_certificate_file = "/nonexistent/own.pem"; }),
                HasSubstr("/nonexistent/own.pem"));
    EXPECT_THAT(refusal_after([&](auto& c) { c.client_key_file = file.string(); }),
                HasSubstr("client_certificate_file is not"));
}

} // namespace
} // namespace bctrl
