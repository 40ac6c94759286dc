// Who gets which connection, in which order, and what those hear who get none.

#include "lane_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>

#include <vector>

namespace bctrl::pool {
namespace {

using ::testing::HasSubstr;

TEST_F(lanes, dial_when_somebody_asks) {
    make();
    EXPECT_EQ(opened(), 0);
    auto const got = hold();
    EXPECT_EQ(open(), 1);
    EXPECT_EQ(queued(), 0);
    EXPECT_EQ(bench.live().dials, 0);
}

TEST_F(lanes, use_a_connection_again) {
    make();
    for (int n = 0; n < 3; ++n)
        give_back(hold());
    EXPECT_EQ(opened(), 1);
    EXPECT_EQ(open(), 1);
}

TEST_F(lanes, close_what_is_not_to_be_kept) {
    make();
    give_back(hold(), false);
    EXPECT_EQ(open(), 0);
    EXPECT_EQ(made->connections(), 0U);
    hold();
    EXPECT_EQ(opened(), 2);
}

TEST_F(lanes, serve_those_who_wait_in_their_order) {
    make({1, 3});
    auto const first = hold();
    auto const second = acquire();
    auto const third = acquire();
    EXPECT_EQ(queued(), 2);
    give_back(first);
    EXPECT_TRUE(*second);
    EXPECT_FALSE(*third);
    give_back(second);
    EXPECT_TRUE(*third);
    EXPECT_EQ(opened(), 1);
}

TEST_F(lanes, let_nobody_overtake) {
    make({1, 3});
    auto const first = hold();
    auto const second = acquire();
    // The connection is free now, but the one that waits has not gone on yet.
    (**first)->keep_open();
    first->reset();
    auto late = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), late));
    bench.settle();
    EXPECT_TRUE(*second);
    EXPECT_FALSE(*late);
}

TEST_F(lanes, refuse_whom_the_queue_has_no_room_for) {
    make({1, 1});
    auto const held = hold();
    auto const waits = acquire();
    auto const refused = acquire();
    ASSERT_TRUE(*refused);
    EXPECT_EQ(error_of(refused).code, errc::queue_full);
    give_back(held);
    EXPECT_TRUE(*waits);
}

TEST_F(lanes, without_a_queue_serve_as_many_as_they_may_dial) {
    make({2, 0});
    auto const first = acquire();
    auto const second = acquire();
    auto const third = acquire();
    ASSERT_TRUE(*third);
    EXPECT_EQ(error_of(third).code, errc::queue_full);
    wait_for(first);
    wait_for(second);
    EXPECT_TRUE(**first && **second);
}

TEST_F(lanes, never_open_more_than_their_limit) {
    make({3, 20});
    std::vector<pending> all;
    for (int n = 0; n < 20; ++n)
        all.push_back(acquire());
    for (auto const& each : all) {
        wait_for(each);
        EXPECT_LE(open() + bench.live().dials, 3);
        give_back(each, queued() % 2 == 0);
    }
    EXPECT_LE(made->connections(), 3U);
    EXPECT_EQ(queued(), 0);
}

TEST_F(lanes, replace_a_connection_that_broke_for_who_waits) {
    make();
    auto const first = hold();
    auto const second = acquire();
    give_back(first, false);
    wait_for(second);
    EXPECT_TRUE(**second);
    EXPECT_EQ(opened(), 2);
    EXPECT_EQ(open(), 1);
}

TEST_F(lanes, give_a_dial_to_whoever_waits_then) {
    make();
    stop_signal first_stop;
    auto first = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(first_stop, told), first));
    first_stop.request(stop_reason::cancelled);
    auto const second = acquire();
    wait_for(first);
    wait_for(second);
    EXPECT_EQ(error_of(first).code, boost::asio::error::operation_aborted);
    EXPECT_TRUE(**second);
    EXPECT_EQ(opened(), 1);
}

TEST_F(lanes, keep_a_connection_that_nobody_waits_for_any_more) {
    make();
    stop_signal brief;
    auto first = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(brief, told), first));
    brief.request(stop_reason::cancelled);
    bench.run_until([&] { return opened() == 1; });
    wait_for(first);
    first->reset();
    auto const second = hold();
    EXPECT_EQ(opened(), 1);
}

TEST_F(lanes, tell_the_oldest_that_a_dial_failed) {
    make({1, 5});
    server.stop();
    auto const first = acquire();
    auto const second = acquire();
    wait_for(first);
    EXPECT_EQ(error_of(first).code, errc::connect_failed);
    wait_for(second);
    EXPECT_EQ(error_of(second).code, errc::connect_failed);
    EXPECT_EQ(made->connections(), 0U);
}

TEST_F(lanes, lose_no_connection_to_one_that_was_stopped_in_the_queue) {
    make({1, 5});
    auto const first = hold();
    stop_signal brief;
    auto const second = acquire(brief);
    auto const third = acquire();
    brief.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*second);
    EXPECT_EQ(error_of(second).code, boost::asio::error::operation_aborted);
    EXPECT_EQ(queued(), 1);
    give_back(first);
    EXPECT_TRUE(*third);
    EXPECT_EQ(opened(), 1);
}

TEST_F(lanes, lose_no_connection_to_one_that_was_served_and_stopped_at_once) {
    make({1, 5});
    auto const first = hold();
    stop_signal brief;
    auto const second = acquire(brief);
    auto const third = acquire();
    (**first)->keep_open();
    first->reset();
    brief.request(stop_reason::cancelled);
    bench.settle();
    EXPECT_EQ(error_of(second).code, boost::asio::error::operation_aborted);
    ASSERT_TRUE(*third);
    EXPECT_TRUE(**third);
    EXPECT_EQ(opened(), 1);
}

TEST_F(lanes, tell_one_that_waits_for_too_long) {
    settings.queue_timeout = 30s;
    make({1, 5});
    auto const held = hold();
    auto const first = acquire();
    bench.pass(10s);
    auto const second = acquire();
    bench.pass(20s - 1ms);
    EXPECT_FALSE(*first);
    bench.pass(1ms);
    ASSERT_TRUE(*first);
    EXPECT_EQ(error_of(first).code, errc::queue_timeout);
    EXPECT_EQ(error_of(first).message,
              "for 30000 ms; 1 more calls wait, 1 of at most 1 connections are in use, 0 are being "
              "opened");
    EXPECT_EQ(bench.live().queue_timeouts, 1);
    EXPECT_FALSE(*second);
    give_back(held);
    ASSERT_TRUE(*second);
    EXPECT_TRUE(**second);
    bench.pass(1h);
    EXPECT_EQ(bench.live().queue_timeouts, 1);
}

TEST_F(lanes, prefer_a_connection_that_comes_in_the_last_moment) {
    settings.queue_timeout = 30s;
    make({1, 5});
    auto const held = hold();
    auto const waits = acquire();
    bench.time().advance(30s);
    (**held)->keep_open();
    held->reset();
    bench.settle();
    ASSERT_TRUE(*waits);
    EXPECT_TRUE(**waits);
}

TEST_F(lanes, refuse_one_that_was_stopped_before) {
    make();
    stop.request(stop_reason::deadline);
    auto const got = acquire();
    ASSERT_TRUE(*got);
    EXPECT_EQ(error_of(got).code, errc::deadline_exceeded);
}

TEST_F(lanes, give_up_a_dial_that_takes_too_long) {
    emulator::certificate_authority const authority;
    testing::ca_file const file{authority};
    auto context = net::tls_context::make({file.path()});
    tls = *std::move(context);
    make();
    // The server accepts and says nothing, so that the handshake waits.
    auto const got = acquire();
    bench.run_until([&] { return bench.live().watches > 0; });
    bench.pass(settings.connect_timeout - 1ms);
    EXPECT_FALSE(*got);
    bench.pass(1ms);
    ASSERT_TRUE(*got);
    EXPECT_EQ(error_of(got).code, errc::connect_failed);
    EXPECT_THAT(error_of(got).message, HasSubstr("within 10000 ms"));
    EXPECT_EQ(open(), 0);
}

} // namespace
} // namespace bctrl::pool
