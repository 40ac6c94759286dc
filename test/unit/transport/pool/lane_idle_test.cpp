// What ends connections that nobody uses, or that have been used for long enough.

#include "lane_bench.hpp"

namespace bctrl::pool {
namespace {

TEST_F(lanes, notice_that_the_peer_closes_an_idle_connection) {
    make();
    give_back(hold());
    server.last().close();
    bench.run_until([&] { return open() == 0; });
    EXPECT_EQ(made->connections(), 0U);
}

TEST_F(lanes, close_an_idle_connection_to_which_something_comes_unasked) {
    make();
    give_back(hold());
    server.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    bench.run_until([&] { return open() == 0; });
    EXPECT_EQ(made->connections(), 0U);
}

TEST_F(lanes, hand_out_no_connection_that_ended_unnoticed) {
    make();
    give_back(hold());
    server.last().close();
    // Nothing has run since: the end is in the socket, not yet in a handler.
    auto late = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), late));
    EXPECT_FALSE(*late);
    wait_for(late);
    EXPECT_TRUE(**late);
    EXPECT_EQ(opened(), 2);
    EXPECT_EQ(open(), 1);
}

TEST_F(lanes, hand_out_no_connection_to_which_something_came_unnoticed) {
    make();
    auto const first = hold();
    auto const second = acquire();
    server.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    give_back(first);
    wait_for(second);
    EXPECT_TRUE(**second);
    EXPECT_EQ(opened(), 2);
    EXPECT_EQ(open(), 1);
}

TEST_F(lanes, close_what_is_idle_for_too_long) {
    make();
    give_back(hold());
    bench.pass(settings.idle_timeout - 1ms);
    EXPECT_EQ(open(), 1);
    give_back(hold());
    bench.pass(settings.idle_timeout - 1ms);
    EXPECT_EQ(open(), 1) << "it was used in between";
    bench.pass(1ms);
    EXPECT_EQ(open(), 0);
    EXPECT_EQ(made->connections(), 0U);
}

TEST_F(lanes, close_before_the_server_does) {
    struct {
        milliseconds timeout;
        milliseconds kept;
    } const table[] = {{5s, 4s}, {2s, 1s}, {1s, 500ms}, {1min, 30s}};
    make();
    for (auto const& [timeout, kept] : table) {
        auto const held = hold();
        heeding(held).heed({timeout, {}});
        give_back(held);
        bench.pass(kept - 1ms);
        EXPECT_EQ(open(), 1) << timeout.count();
        bench.pass(1ms);
        EXPECT_EQ(open(), 0) << timeout.count();
    }
}

TEST_F(lanes, send_no_more_requests_on_a_connection_than_the_server_says) {
    make();
    auto const use = [&](http1::keep_alive_hint said) {
        auto const held = hold();
        heeding(held).heed(said);
        give_back(held);
    };
    use({{}, 2});
    EXPECT_EQ(open(), 1);
    use({});
    EXPECT_EQ(open(), 1) << "one more may follow";
    use({});
    EXPECT_EQ(open(), 0);
    use({{}, 0});
    EXPECT_EQ(open(), 0);
    use({0ms, {}});
    EXPECT_EQ(open(), 0);
    EXPECT_EQ(opened(), 3);
}

TEST_F(lanes, do_not_close_what_is_in_use_however_long) {
    make();
    auto const held = hold();
    bench.pass(1h);
    EXPECT_EQ(open(), 1);
}

TEST_F(lanes, close_what_is_too_old) {
    settings.idle_timeout = 24h;
    make();
    auto const young = hold();
    bench.pass(settings.maximum_age * 9 / 10 - 1ms);
    give_back(young);
    EXPECT_EQ(open(), 1);
    auto const old = hold();
    bench.pass(settings.maximum_age / 10 + 1ms);
    give_back(old);
    EXPECT_EQ(open(), 0);
}

TEST_F(lanes, take_any_number_for_a_time) {
    settings = {{1, 1}, milliseconds::max(), milliseconds::max(), milliseconds::max()};
    make();
    give_back(hold());
    bench.pass(24h);
    EXPECT_EQ(open(), 1);
}

} // namespace
} // namespace bctrl::pool
