// Calls over HTTP/2 through proxies that nobody here wrote, and what is spoken with those that do not
// offer it.

#include "../proxy/many_gets.hpp"
#include "http2_proxies.hpp"

namespace bctrl::test {
namespace {

BCTRL_WITH_EVERY_HTTP2_PROXY(http2_proxies);

TEST_P(http2_proxies, carry_a_get_a_wait_and_a_cancel) {
    start_http2_proxy();
    auto const with = make_client();
    wait_get_and_cancel(with);
    EXPECT_EQ(with.stats().connections, 2) << "one for waits, one for other calls";
    expect_answered_over("HTTP/2.0");
}

TEST_P(http2_proxies, carry_large_answers_buffered_or_not) {
    auto const run = "10000000-0000-4000-8000-000000000000";
    backend().create_invocations(1'000, life_of(10ms), run);
    for (auto const buffers : {true, false}) {
        proxy_settings wanted;
        wanted.buffers_answers = buffers;
        wanted.gzip = true;
        start_http2_proxy(wanted);
        auto const with = make_client();
        auto const page = result_of(with.runs().commands(run, commands_query{}.limit(1'000)));
        EXPECT_EQ(page.commands.size(), 1'000U);
        expect_answered_over("HTTP/2.0");
    }
}

/// Nothing makes haproxy 2.6 say goodbye after so many streams.
class http2_goodbyes : public http2_proxies {};

INSTANTIATE_TEST_SUITE_P(of, http2_goodbyes, testing::Values(&nginx_proxy),
                         [](auto const& which) { return std::string{which.param->name}; });

TEST_P(http2_goodbyes, after_fifty_requests_fail_none_of_thousands_at_once) {
    proxy_settings wanted;
    wanted.requests_per_connection = 50;
    start_http2_proxy(wanted);
    auto const with = make_client();
    begin_waits(with, 500, 1s, 6s);
    many_gets const gets{context_, with, {backend().create_operation(life_of(60s))}, 3'000, 3'000};
    until([&] { return gets.ended(); });
    until_all_ended();
    tell_cost("3,000 gets and 500 waits, 50 a connection", with);
    EXPECT_EQ(gets.right(), 3'000);
    EXPECT_GE(with.stats().connections, 3'500 / 50);
    EXPECT_EQ(with.stats().calls_failed, 0);
    EXPECT_EQ(with.stats().retries, 0) << "what others were taken before is no fault";
    expect_no_wait_was_faulted();
    expect_right_endings();
    expect_answered_over("HTTP/2.0");
}

TEST_P(http2_proxies, that_close_idle_connections_just_when_they_are_used_fail_no_call) {
    proxy_settings wanted;
    wanted.keep_alive = 1s;
    start_http2_proxy(wanted);
    auto const with = make_client();
    get_when_idle_connections_end(with);
    tell_cost("512 gets with pauses", with);
    expect_answered_over("HTTP/2.0");
}

TEST_P(http2_proxies, that_offer_http1_only_are_spoken_to_in_that) {
    start_proxy();
    auto const with = make_client();
    begin_waits(with, 20, 300ms, 600ms);
    until_all_ended();
    EXPECT_GE(with.stats().connections, 20);
    expect_right_endings();
    expect_answered_over("HTTP/1.1");
}

TEST_P(http2_proxies, that_offer_http1_only_are_refused_if_http2_is_demanded) {
    start_proxy();
    auto wanted = config();
    wanted.http = http_version::http2;
    wanted.retry.attempts = 1;
    client const with{context_.get_executor(), wanted};
    auto const id = backend().create_operation(life_of(60s));
    try {
        result_of(with.operations().get(id));
        ADD_FAILURE() << "the call succeeded";
    } catch (request_error const& fault) {
        EXPECT_EQ(fault.code(), errc::tls_failed) << fault.what();
    }
}

} // namespace
} // namespace bctrl::test
