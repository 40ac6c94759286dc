// Many waits over few HTTP/2 connections to proxies that nobody here wrote: they are cancelled, and the
// proxies are reloaded and killed under them, in real time.

#include "http2_proxies.hpp"

namespace bctrl::test {
namespace {

class http2_proxied_waits : public http2_proxies {};

BCTRL_WITH_EVERY_HTTP2_PROXY(http2_proxied_waits);

TEST_P(http2_proxied_waits, two_thousand_share_few_connections) {
    proxy_settings wanted;
    // nginx counts waits as requests, and its own limit is as low as this.
    wanted.requests_per_connection = 1'000;
    start_http2_proxy(wanted);
    auto const with = make_client();
    begin_waits(with, 2'000, 6s, 12s);
    until_all_parked();
    EXPECT_EQ(ended_waits(), 0U) << "all are held at a time";
    EXPECT_LE(with.stats().connections, 2'000 / wanted.streams + 4);
    until_all_ended();
    tell_cost("2,000 waits", with);
    expect_no_wait_was_faulted();
    expect_right_endings();
    expect_answered_over("HTTP/2.0");
}

TEST_P(http2_proxied_waits, that_are_cancelled_disturb_no_sibling) {
    start_http2_proxy();
    auto const with = make_client();
    begin_waits(with, 600, 5s, 8s);
    until_parked(600);
    int n = 0;
    for (auto& each : waits_)
        if (n++ % 3 == 0) cancel(each);
    context_.restart();
    context_.poll();
    EXPECT_EQ(ended_waits(), 200U) << "the callers end at once";
    // The proxy hears of it, and drops what it asked of the backend.
    until([&] { return backend().stats().parked <= 400; });
    until_all_ended();
    tell_cost("600 waits, 200 of them cancelled", with);
    expect_no_wait_was_faulted();
    EXPECT_EQ(with.stats().polls, 600);
    expect_right_endings();
}

TEST_P(http2_proxied_waits, do_not_notice_a_reload) {
    start_http2_proxy();
    auto const with = make_client();
    reload_under_waits(with);
    tell_cost("220 waits and two reloads", with);
    // A request that crosses the end of its connection may be lost without a word (RFC 9113, section
    // 9.1): its wait asks again.
    EXPECT_LE(with.stats().wait_faults, 4);
}

TEST_P(http2_proxied_waits, outlive_a_hurried_reload) {
    proxy_settings wanted;
    wanted.hurried_reload = true;
    start_http2_proxy(wanted);
    auto const with = make_client();
    begin_waits(with, 200, 3s, 8s);
    until_all_parked();
    running_proxy().reload();
    until_all_ended();
    tell_cost("200 waits and a hurried reload", with);
    // haproxy tells of streams without an answer that it did not act on them: they go out again.
    EXPECT_GT(with.stats().wait_faults + with.stats().replays, 0) << "the reload was to cut them";
    expect_right_endings();
}

TEST_P(http2_proxied_waits, outlive_the_proxy) {
    start_http2_proxy();
    auto const with = make_client();
    begin_waits(with, 500, 3s, 8s);
    until_all_parked();
    running_proxy().kill_and_restart();
    until_all_ended();
    tell_cost("500 waits and a killed proxy", with);
    EXPECT_GT(with.stats().wait_faults, 0) << "the proxy was to be missed";
    expect_right_endings();
    expect_answered_over("HTTP/2.0");
}

} // namespace
} // namespace bctrl::test
