#include "transport/pool/lane.hpp"

#include "support/accepting_server.hpp"
#include "support/ca_file.hpp"
#include "support/strand_bench.hpp"
#include "transport/pool/http1_connection.hpp"
#include "transport/pool/network_dialler.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

using acquired = outcome<lease, failure>;
using pending = testing::pending<acquired>;

class lanes : public ::testing::Test {
protected:
    ~lanes() override { bench.scope().destroy_all(); }

    /// The lane under test: one connection, and one call in the queue, unless told otherwise.
    lane& make(lane_limits limits = {1, 1}) {
        settings.limits = limits;
        by.emplace(bench.runs_on(), net::peer{"127.0.0.1", server.port(), tls.get()},
                   speech{terms});
        gate.emplace(bench.runs_on(), dials);
        made =
            std::make_unique<lane>(bench.runs_on(), lane_kind::wait, *by, *gate, streams, settings);
        return *made;
    }
    pending acquire() { return acquire(stop); }
    pending acquire(stop_signal& own) { return bench.start(made->acquire(own, told)); }
    void wait_for(pending const& got) {
        bench.run_until([&] { return got->has_value(); });
    }
    /// A lease that must come.
    pending hold() {
        auto got = acquire();
        wait_for(got);
        EXPECT_TRUE(**got) << (**got ? "" : (**got).error().message);
        return got;
    }
    http1_connection& heeding(pending const& held) {
        return dynamic_cast<http1_connection&>((**held)->held());
    }
    void give_back(pending const& held, bool keep = true) {
        if (keep) (**held)->keep_open();
        held->reset();
        bench.settle();
    }
    std::int64_t open() { return bench.live().sockets; }
    std::int64_t opened() { return bench.live().connections; }
    std::int64_t queued() { return bench.live().queued; }

    testing::strand_bench bench;
    testing::accepting_server server{bench.context()};
    std::shared_ptr<net::tls_context> tls;
    lane_settings settings{{1, 1}, 10s, 30s, 600s};
    dial_limits dials;
    stop_signal stop;
    activity told;
    connection_terms terms{"", false, {}};
    stream_memory streams{1};
    std::optional<network_dialler> by;
    std::optional<dial_gate> gate;
    std::unique_ptr<lane> made;
};

failure const& error_of(pending const& got) {
    return (**got).error();
}

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

TEST_F(lanes, are_empty_after_close) {
    make({2, 5});
    auto const used = hold();
    auto const idle = hold();
    give_back(idle);
    made->close();
    bench.settle();
    EXPECT_EQ(open(), 1) << "what is in use closes when it is given back";
    give_back(used);
    EXPECT_EQ(open(), 0);
    EXPECT_EQ(made->connections(), 0U);
    auto const late = acquire();
    ASSERT_TRUE(*late);
    EXPECT_EQ(error_of(late).code, errc::client_closed);
}

TEST_F(lanes, tell_those_who_wait_that_they_are_closed) {
    make({1, 5});
    auto const used = hold();
    auto const first = acquire();
    auto const second = acquire();
    made->close();
    bench.settle();
    ASSERT_TRUE(*first && *second);
    EXPECT_EQ(error_of(first).code, errc::client_closed);
    EXPECT_EQ(error_of(second).code, errc::client_closed);
    EXPECT_EQ(queued(), 0);
}

TEST_F(lanes, give_up_dials_when_they_close) {
    make();
    auto got = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), got));
    EXPECT_EQ(made->connections(), 1U);
    made->close();
    wait_for(got);
    EXPECT_EQ(error_of(got).code, errc::client_closed);
    bench.run_until([&] { return made->connections() == 0; });
    EXPECT_EQ(open(), 0);
}

task<bool> wait_until_empty(lane& of, scheduler& runs_on, stop_signal& never) {
    parking emptied{runs_on, never};
    of.wake_when_empty(emptied);
    co_await emptied;
    co_return true;
}

TEST_F(lanes, tell_when_they_are_empty) {
    make();
    auto const used = hold();
    auto const empty = bench.start(wait_until_empty(*made, bench.runs_on(), stop));
    made->close();
    bench.settle();
    EXPECT_FALSE(*empty);
    give_back(used);
    EXPECT_TRUE(*empty);
}

TEST_F(lanes, vanish_in_the_middle_of_everything) {
    make({2, 5});
    auto const used = hold();
    auto dialling = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), dialling));
    auto waiting = std::make_shared<std::optional<acquired>>();
    bench.scope().begin(testing::keep(made->acquire(stop, told), waiting));
    bench.scope().destroy_all();
    made->close();
    used->reset();
    made->shut_down();
    made.reset();
    bench.settle();
    EXPECT_EQ(open(), 0);
    EXPECT_FALSE(*dialling || *waiting);
}

} // namespace
} // namespace bctrl::pool
