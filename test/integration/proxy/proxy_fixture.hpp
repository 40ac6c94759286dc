#pragma once

#include "../client_fixture.hpp"
#include "../emulator_process.hpp"
#include "proxy.hpp"

#include <bctrl/wait_account.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <functional>
#include <list>
#include <optional>
#include <string>

namespace bctrl::test {

/// A wait under way, and how it has ended.
struct watched_wait {
    std::string id;
    bool ended = false;
    bool cancelled = false; ///< by the test, before it had ended
    error_code failure;
    error_details details;
    operation_wait_result seen;
    wait_account account;
    asio::cancellation_signal stop;
};

/// A client, one of the proxies and, behind it, the emulator.
class proxies : public testing::TestWithParam<proxy_program const*> {
protected:
    proxies() { start_backend(); }
    void TearDown() override;

    /// The backend keeps its port and what was created in it.
    void start_backend();
    void stop_backend() { backend_.reset(); }
    emulator::server& backend() { return *backend_; }

    void start_proxy(proxy_settings wanted = {});
    proxy& running_proxy() { return *proxy_; }
    /// Stops it and returns what it has answered.
    std::vector<logged_request> stop_proxy();

    client_config config() const;
    client make_client() { return client{context_.get_executor(), config()}; }

    /// Begins to wait for work that runs so long. Lives as long as the test.
    watched_wait& begin_wait(client const& with, std::chrono::milliseconds length,
                             emulator::ending end = emulator::ending::succeeded);
    /// So many, for work that ends evenly spread, in every way.
    void begin_waits(client const& with, int count, std::chrono::milliseconds first,
                     std::chrono::milliseconds last);
    /// Cancels a wait, not the work.
    void cancel(watched_wait& one) {
        one.cancelled = true;
        one.stop.emit(asio::cancellation_type::terminal);
    }
    /// All that has been begun has ended as the work did, but for what was cancelled.
    void expect_right_endings();

    /// Runs the client until `what` holds.
    /// @throws std::runtime_error if it does not within 50 s
    void until(std::function<bool()> const& what);
    void until_all_ended();
    /// The backend holds the polls of all waits but those that have ended already.
    void until_all_parked();
    void pass(std::chrono::milliseconds time);

    /// Runs the client until the call has ended; what it throws, this throws.
    template <class T>
    T result_of(asio::awaitable<T> call) {
        auto result = asio::co_spawn(context_, std::move(call), asio::use_future);
        until([&] { return result.wait_for(0s) == std::future_status::ready; });
        return result.get();
    }
    explanation explain(client const& of);

    /// Work that is waited for is read and cancelled.
    /// @returns its wait, ended
    watched_wait& wait_get_and_cancel(client const& with);
    /// Gets whose connections the proxy closes after a second without any, before and behind that.
    void get_when_idle_connections_end(client const& with);
    /// 200 waits, two reloads under them, and 20 more behind these.
    void reload_under_waits(client const& with);
    std::size_t ended_waits() const;

    asio::io_context context_{1};
    std::list<watched_wait> waits_;

private:
    std::uint16_t const backend_port_ = quiet_port();
    temporary_path state_{".state"};
    std::optional<emulator::server> backend_;
    std::optional<proxy> proxy_;
};

/// Makes the tests of a suite run with every proxy.
#define BCTRL_WITH_EVERY_PROXY(suite)                                                      \
    INSTANTIATE_TEST_SUITE_P(toward, suite,                                                \
                             testing::Values(&nginx_proxy, &haproxy_proxy, &apache_proxy), \
                             [](auto const& which) { return std::string{which.param->name}; })

} // namespace bctrl::test
