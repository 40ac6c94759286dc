// The client over HTTP/2 beside the emulator: how the two agree on it, and what happens to calls when
// connections are shared, filled, drained and lost.

#include "client_fixture.hpp"

#include <bctrl/emulator/fault.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <gmock/gmock.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;

emulator::server_options allowing(std::uint32_t streams) {
    emulator::server_options made;
    made.max_streams = streams;
    return made;
}

emulator::server_options speaking_http1_only() {
    emulator::server_options made;
    made.http = emulator::http_versions::only_1_1;
    return made;
}

/// How a wait ended, once it has.
struct ending {
    std::optional<error_code> code;
    open_enum<durable_status> status{};
    asio::cancellation_signal stop;
};

class over_http2 : public ::testing::Test {
protected:
    void begin(client& with, std::vector<std::string> const& ids) {
        for (auto const& id : ids) {
            auto& one = endings_.emplace_back();
            with.operations().wait(
                id, asio::bind_cancellation_slot(
                        one.stop.slot(), [&one](error_code ec, operation_wait_result const& seen) {
                            EXPECT_FALSE(one.code) << "ended twice";
                            one.code = ec;
                            if (!ec) one.status = seen.operation.status;
                        }));
        }
    }
    error_code get(client& with, std::string const& id) {
        std::optional<error_code> code;
        with.operations().get(id, [&](error_code ec, operation const&) { code = ec; });
        until([&] { return code.has_value(); });
        return code.value_or(errc::internal);
    }
    std::size_t ended() const {
        return static_cast<std::size_t>(std::count_if(endings_.begin(), endings_.end(),
                                                      [](auto const& each) { return each.code; }));
    }
    void until(std::function<bool()> const& done, std::chrono::seconds at_most = 30s) {
        auto const end = std::chrono::steady_clock::now() + at_most;
        loop_.context().restart();
        asio::steady_timer tick{loop_.context()};
        while (!done() && std::chrono::steady_clock::now() < end) {
            tick.expires_after(5ms);
            tick.async_wait([](error_code) {});
            loop_.context().run_for(5ms);
            loop_.context().restart();
        }
        EXPECT_TRUE(done()) << "nothing more happens";
    }
    void until_parked(emulator::server& on, std::size_t count) {
        until([&] { return on.stats().parked == count; });
    }
    void expect_all_succeeded() const {
        for (auto const& each : endings_) {
            ASSERT_TRUE(each.code);
            ASSERT_FALSE(*each.code) << each.code->message();
            ASSERT_EQ(each.status, durable_status::succeeded);
        }
    }
    void close(client& with) {
        bool closed = false;
        with.close(0ms, [&](error_code) { closed = true; });
        until([&] { return closed; });
        EXPECT_EQ(with.stats().sockets, 0);
        EXPECT_EQ(with.stats().watches, 0);
    }

    event_loop loop_;
    std::deque<ending> endings_;
};

TEST_F(over_http2, a_client_speaks_it_where_the_server_does) {
    secure_emulator server;
    client with{loop_.executor(), server.config()};
    auto const id = server->create_operation(life_of(50ms));
    begin(with, {id});
    until([&] { return ended() == 1; });
    expect_all_succeeded();
    EXPECT_FALSE(get(with, id));
    EXPECT_EQ(server->stats().http2_connections, 2U) << "one for waits, one for other calls";
    EXPECT_EQ(server->stats().http2_streams, 2U);
    close(with);
}

TEST_F(over_http2, a_client_falls_back_to_http1) {
    secure_emulator server{speaking_http1_only()};
    client with{loop_.executor(), server.config()};
    auto const id = server->create_operation(life_of(0ms));
    EXPECT_FALSE(get(with, id));
    EXPECT_EQ(server->stats().http2_connections, 0U);
    close(with);
}

TEST_F(over_http2, a_client_speaks_http1_if_told_to) {
    secure_emulator server;
    auto config = server.config();
    config.http = http_version::http1;
    client with{loop_.executor(), config};
    auto const id = server->create_operation(life_of(0ms));
    EXPECT_FALSE(get(with, id));
    EXPECT_EQ(server->stats().http2_connections, 0U);
    close(with);
}

TEST_F(over_http2, a_client_that_is_told_to_speak_it_takes_nothing_else) {
    secure_emulator server{speaking_http1_only()};
    auto config = server.config();
    config.http = http_version::http2;
    config.retry.attempts = 1;
    client with{loop_.executor(), config};
    auto const id = server->create_operation(life_of(0ms));
    EXPECT_EQ(get(with, id), errc::tls_failed);
    close(with);
}

TEST_F(over_http2, a_plain_server_is_expected_to_speak_it_if_told_to) {
    emulator::server server;
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = server.base_url();
    auto const id = server.create_operation(life_of(0ms));
    for (auto const version : {http_version::automatic, http_version::http2}) {
        config.http = version;
        client with{loop_.executor(), config};
        EXPECT_FALSE(get(with, id));
        EXPECT_EQ(server.stats().http2_connections, version == http_version::http2 ? 1U : 0U);
        close(with);
    }
}

TEST_F(over_http2, a_plain_server_that_does_not_speak_it_is_an_error) {
    emulator::server server{speaking_http1_only()};
    client_config config;
    config.key = api_key{emulator_key};
    config.base_url = server.base_url();
    config.http = http_version::http2;
    config.retry.attempts = 1;
    client with{loop_.executor(), config};
    auto const code = get(with, server.create_operation(life_of(0ms)));
    // Its answer in HTTP/1.1 is lost when it resets the connection.
    EXPECT_TRUE(code == errc::malformed_response || code == errc::connection_lost) << code;
    close(with);
}

TEST_F(over_http2, waits_fill_connections_before_more_are_opened) {
    secure_emulator server{allowing(100)};
    client with{loop_.executor(), server.config()};
    begin(with, server->create_operations(1'000, life_of(4s)));
    until_parked(server.server(), 1'000);
    EXPECT_LE(server->stats().connections_total, 10U);
    EXPECT_EQ(with.stats().polls, 1'000) << "each is held from the first on";
    until([&] { return ended() == 1'000; });
    expect_all_succeeded();
    close(with);
}

TEST_F(over_http2, waits_are_spread_over_the_connections) {
    secure_emulator server{allowing(100)};
    client with{loop_.executor(), server.config()};
    auto const ids = server->create_operations(400, life_of(60s));
    begin(with, ids);
    until_parked(server.server(), 400);
    auto const all = server->connections();
    ASSERT_EQ(all.size(), 4U);
    for (std::size_t n = 0; n < 400; n += 2)
        endings_[n].stop.emit(asio::cancellation_type::terminal);
    until_parked(server.server(), 200);
    begin(with, server->create_operations(100, life_of(60s)));
    until_parked(server.server(), 300);
    for (auto const& each : server->connections()) {
        EXPECT_GT(each.parked, 60U);
        EXPECT_LT(each.parked, 90U);
    }
    close(with);
}

TEST_F(over_http2, waits_share_one_stream_on_each_of_two_connections) {
    secure_emulator server{allowing(1)};
    auto config = server.config();
    config.limits.wait_connections = 2;
    client with{loop_.executor(), config};
    begin(with, server->create_operations(20, life_of(500ms)));
    until([&] { return ended() == 20; });
    expect_all_succeeded();
    EXPECT_LE(server->stats().connections_total, 2U);
    close(with);
}

TEST_F(over_http2, one_cancel_disturbs_no_sibling) {
    secure_emulator server{allowing(1'000)};
    client with{loop_.executor(), server.config()};
    begin(with, server->create_operations(1'000, life_of(4s)));
    until_parked(server.server(), 1'000);
    endings_[500].stop.emit(asio::cancellation_type::terminal);
    until_parked(server.server(), 999);
    EXPECT_EQ(endings_[500].code, asio::error::operation_aborted);
    EXPECT_EQ(ended(), 1U);
    until([&] { return ended() == 1'000; });
    EXPECT_EQ(server->stats().http2_resets_received, 1U);
    EXPECT_EQ(with.stats().wait_faults, 0);
    EXPECT_EQ(with.stats().polls, 1'000);
    EXPECT_EQ(server->stats().connections_total, 1U);
    close(with);
}

TEST_F(over_http2, half_of_many_waits_are_cancelled_at_once) {
    secure_emulator server{allowing(250)};
    client with{loop_.executor(), server.config()};
    constexpr std::size_t count = 4'000;
    begin(with, server->create_operations(count, life_of(15s)));
    until_parked(server.server(), count);
    for (std::size_t n = 0; n < count; n += 2)
        endings_[n].stop.emit(asio::cancellation_type::terminal);
    loop_.context().restart();
    loop_.context().poll();
    EXPECT_EQ(ended(), count / 2) << "every caller ends at once";
    until([&] { return ended() == count; });
    for (std::size_t n = 0; n < count; ++n) {
        if (n % 2 == 0)
            EXPECT_EQ(endings_[n].code, asio::error::operation_aborted);
        else
            EXPECT_EQ(endings_[n].status, durable_status::succeeded);
    }
    EXPECT_EQ(with.stats().wait_faults, 0) << "no survivor was disturbed";
    close(with);
}

TEST_F(over_http2, all_waits_are_cancelled_at_once) {
    secure_emulator server{allowing(250)};
    client with{loop_.executor(), server.config()};
    begin(with, server->create_operations(2'000, life_of(600s)));
    until_parked(server.server(), 2'000);
    for (auto& each : endings_)
        each.stop.emit(asio::cancellation_type::terminal);
    loop_.context().restart();
    loop_.context().poll();
    EXPECT_EQ(ended(), 2'000U);
    until_parked(server.server(), 0);
    auto const id = server->create_operation(life_of(0ms));
    EXPECT_FALSE(get(with, id));
    close(with);
}

struct outage {
    char const* name;
    emulator::connection_fault fault;
    bool is_felt; ///< the waits count a fault
};

class outages : public over_http2, public ::testing::WithParamInterface<outage> {};

TEST_P(outages, lose_no_wait) {
    secure_emulator server{allowing(50)};
    auto config = server.config();
    config.retry.base_delay = 50ms;
    client with{loop_.executor(), config};
    begin(with, server->create_operations(200, life_of(3s)));
    until_parked(server.server(), 200);
    server->inject(GetParam().fault);
    until([&] { return ended() == 200; });
    expect_all_succeeded();
    EXPECT_EQ(with.stats().wait_faults > 0, GetParam().is_felt) << with.stats().wait_faults;
    close(with);
}

INSTANTIATE_TEST_SUITE_P(
    of, outages,
    ::testing::Values(
        outage{"graceful_shutdown", emulator::go_away{}, false},
        outage{
            "shutdown_without_acting",
            emulator::go_away{emulator::http2_error::no_error, 0, emulator::after_go_away::finish},
            false},
        outage{"angry_goodbye",
               emulator::go_away{emulator::http2_error::enhance_your_calm, std::nullopt,
                                 emulator::after_go_away::close},
               true},
        outage{"refusal", emulator::reset_waits{emulator::http2_error::refused_stream}, false},
        outage{"reset", emulator::reset_waits{emulator::http2_error::internal_error}, true},
        outage{"fewer_streams", emulator::limit_streams{1}, false}),
    [](auto const& one) { return one.param.name; });

} // namespace
} // namespace bctrl::test
