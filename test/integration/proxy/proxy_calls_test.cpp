// Calls through proxies that nobody here wrote: nginx, haproxy, Apache.

#include "many_gets.hpp"
#include "proxy_fixture.hpp"

namespace bctrl::test {
namespace {

BCTRL_WITH_EVERY_PROXY(proxies);

TEST_P(proxies, carry_a_get_a_wait_and_a_cancel) {
    start_proxy();
    auto const with = make_client();
    wait_get_and_cancel(with);
}

TEST_P(proxies, that_close_after_ten_requests_fail_none_of_two_thousand) {
    for (auto const keeps : {true, false}) {
        proxy_settings wanted;
        wanted.requests_per_connection = 10;
        wanted.keeps_backend_connections = keeps;
        start_proxy(wanted);
        auto const with = make_client();
        many_gets const gets{context_, with, {backend().create_operation(life_of(60s))}, 2'000};
        until([&] { return gets.ended(); });
        EXPECT_EQ(gets.right(), 2'000);
        auto const seen = with.stats();
        EXPECT_GE(seen.connections, 2'000 / 10);
        EXPECT_LE(seen.connections, 2'000 / 10 + 2 * many_gets::in_flight);
        EXPECT_EQ(seen.requests, 2'000) << "a connection that was announced to close is not used";
        stop_proxy();
    }
}

TEST_P(proxies, that_close_idle_connections_just_when_they_are_used_fail_no_call) {
    proxy_settings wanted;
    wanted.keep_alive = 1s;
    start_proxy(wanted);
    get_when_idle_connections_end(make_client());
}

TEST_P(proxies, carry_large_answers_buffered_or_not) {
    auto const run = "10000000-0000-4000-8000-000000000000";
    backend().create_invocations(1'000, life_of(10ms), run);
    for (auto const buffers : {true, false}) {
        proxy_settings wanted;
        wanted.buffers_answers = buffers;
        start_proxy(wanted);
        auto const with = make_client();
        EXPECT_EQ(
            result_of(with.runs().commands(run, commands_query{}.limit(1'000))).commands.size(),
            1'000U);
        EXPECT_GT(with.stats().bytes_received, 200'000);
        begin_wait(with, 300ms);
        until_all_ended();
        expect_right_endings();
        stop_proxy();
    }
}

/// Whether a client asks for it or not.
TEST_P(proxies, that_compress_are_understood) {
    proxy_settings wanted;
    wanted.gzip = true;
    start_proxy(wanted);
    auto const with = make_client();
    begin_wait(with, 200ms);
    until_all_ended();
    expect_right_endings();
}

} // namespace
} // namespace bctrl::test
