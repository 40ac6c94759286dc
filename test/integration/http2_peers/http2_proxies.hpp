#pragma once

#include "../proxy/proxy_fixture.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::test {

/// A client, a proxy that speaks HTTP/2 over TLS with it and, behind it, the emulator over HTTP/1.1.
class http2_proxies : public proxies {
protected:
    void SetUp() override {
        auto const program = GetParam()->command("configuration").front();
        if (!std::filesystem::exists(program))
            GTEST_SKIP() << GetParam()->name << " is not installed";
    }

    void start_http2_proxy(proxy_settings wanted = {}) {
        wanted.http2 = true;
        start_proxy(wanted);
    }

    /// Stops it, and sees that it has answered in this version of HTTP only.
    void expect_answered_over(std::string_view protocol) {
        auto const answered = stop_proxy();
        EXPECT_FALSE(answered.empty());
        for (auto const& each : answered)
            EXPECT_EQ(each.protocol, protocol) << each.status;
    }

    /// For whoever reads the output of the test.
    static void tell_cost(std::string_view what, client const& of) {
        auto const seen = of.stats();
        std::cout << GetParam()->name << ": " << what << ": " << seen.connections
                  << " connections, " << seen.requests << " requests, " << seen.replays
                  << " replays, " << seen.retries << " retries, " << seen.wait_faults
                  << " wait faults\n";
    }

    void until_parked(std::size_t count) {
        until([&] { return backend().stats().parked == count; });
    }

    void expect_no_wait_was_faulted() const {
        for (auto const& each : waits_)
            EXPECT_EQ(each.account.faults, 0U) << each.id << ": " << each.account.last_fault;
    }
};

/// Makes the tests of a suite run with every proxy that speaks HTTP/2.
#define BCTRL_WITH_EVERY_HTTP2_PROXY(suite)                                                \
    INSTANTIATE_TEST_SUITE_P(toward, suite, testing::Values(&nginx_proxy, &haproxy_proxy), \
                             [](auto const& which) { return std::string{which.param->name}; })

} // namespace bctrl::test
