// What a lane says of itself: its connections, its dials and its queue.

#include "transport/pool/lane.hpp"

#include "support/accepting_server.hpp"
#include "support/ca_file.hpp"
#include "support/strand_bench.hpp"
#include "transport/pool/network_dialler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

using acquired = outcome<lease, failure>;
using pending = testing::pending<acquired>;

class explained_lanes : public ::testing::Test {
protected:
    ~explained_lanes() override { bench.scope().destroy_all(); }

    void make(lane_limits limits, unsigned short port) {
        by.emplace(bench.runs_on(), net::peer{"127.0.0.1", port, tls.get()}, speech{terms});
        made = std::make_unique<lane>(bench.runs_on(), lane_kind::wait, *by, gate, streams,
                                      lane_settings{limits, 10s, 30s, 600s});
    }
    void make(lane_limits limits) { make(limits, server.port()); }
    /// Begins to ask for a connection; runs nothing else.
    pending begin() {
        auto got = std::make_shared<std::optional<acquired>>();
        auto& own = told.emplace_back(bench.runs_on().now());
        bench.scope().begin(testing::keep(made->acquire(stop, own), got));
        return got;
    }
    pending hold() {
        auto got = begin();
        bench.run_until([&] { return got->has_value(); });
        EXPECT_TRUE(**got);
        return got;
    }
    lane_explanation seen() { return made->explain(); }

    testing::strand_bench bench;
    testing::accepting_server server{bench.context()};
    std::shared_ptr<net::tls_context> tls;
    stop_signal stop;
    std::deque<activity> told;
    connection_terms terms{"", false, {}};
    stream_memory streams{1};
    std::optional<network_dialler> by;
    dial_gate gate{bench.runs_on(), {}};
    std::unique_ptr<lane> made;
};

TEST_F(explained_lanes, begin_empty) {
    make({7, 9});
    auto const lane = seen();
    EXPECT_EQ(lane.lane, lane_kind::wait);
    EXPECT_EQ(lane.limit, 7U);
    EXPECT_EQ(lane.queue_limit, 9U);
    EXPECT_EQ(lane.open + lane.in_use + lane.idle + lane.dialling() + lane.queued, 0U);
    EXPECT_FALSE(lane.oldest_dial);
    EXPECT_FALSE(lane.last_failed_dial);
}

TEST_F(explained_lanes, tell_what_is_in_use_and_what_is_idle) {
    make({3, 0});
    auto const first = hold();
    auto const second = hold();
    EXPECT_EQ(seen().open, 2U);
    EXPECT_EQ(seen().in_use, 2U);
    EXPECT_EQ(seen().requests, 2U);
    (**first)->keep_open();
    first->reset();
    EXPECT_EQ(seen().open, 2U);
    EXPECT_EQ(seen().in_use, 1U);
    EXPECT_EQ(seen().idle, 1U);
    second->reset();
    EXPECT_EQ(seen().open, 1U);
    EXPECT_EQ(seen().idle, 1U);
}

TEST_F(explained_lanes, number_those_who_wait) {
    make({1, 5});
    auto const held = hold();
    auto const second = begin();
    auto const third = begin();
    auto const fourth = begin();
    EXPECT_EQ(seen().queued, 3U);
    EXPECT_EQ(told[1].place(), 1U);
    EXPECT_EQ(told[3].place(), 3U);
    (**held)->keep_open();
    held->reset();
    bench.settle();
    EXPECT_EQ(seen().queued, 2U);
    EXPECT_EQ(told[2].place(), 1U);
    EXPECT_EQ(told[3].place(), 2U);
}

TEST_F(explained_lanes, tell_how_far_a_dial_is) {
    make({2, 5});
    auto const got = begin();
    EXPECT_EQ(seen().resolving, 1U) << "decided upon, and not begun";
    EXPECT_FALSE(seen().oldest_dial);
    bench.context().restart();
    while (seen().connecting == 0)
        ASSERT_EQ(bench.context().poll_one(), 1U);
    bench.time().advance(2s);
    EXPECT_EQ(seen().resolving, 0U);
    EXPECT_EQ(seen().oldest_dial, 2s);
    EXPECT_EQ(seen().open, 0U);
    EXPECT_EQ(seen().queued, 1U);
    bench.run_until([&] { return got->has_value(); });
    EXPECT_EQ(seen().dialling(), 0U);
    EXPECT_EQ(seen().open, 1U);
    EXPECT_EQ(bench.live().dials_begun, 1);
    EXPECT_EQ(bench.live().dials_failed, 0);
}

TEST_F(explained_lanes, tell_of_handshakes) {
    testing::ca_file const ca{emulator::certificate_authority{}};
    tls = *net::tls_context::make({ca.path()});
    make({2, 5});
    auto const first = begin();
    auto const second = begin();
    bench.run_until([&] { return seen().handshaking == 2; });
    EXPECT_EQ(seen().dialling(), 2U);
    made->close();
    bench.settle();
    EXPECT_EQ(seen().dialling(), 0U);
    EXPECT_EQ(bench.live().dials_failed, 0) << "closing is no failure of a dial";
}

TEST_F(explained_lanes, remember_the_dial_that_failed_until_one_succeeds) {
    auto const port = server.port();
    server.stop();
    bench.settle();
    make({1, 5}, port);
    auto const refused = begin();
    bench.run_until([&] { return refused->has_value(); });
    bench.time().advance(3s);
    auto const fault = seen().last_failed_dial;
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->code, errc::connect_failed);
    EXPECT_THAT(fault->message, HasSubstr("127.0.0.1:" + std::to_string(port)));
    EXPECT_EQ(fault->ago, 3s);
    EXPECT_EQ(bench.live().dials_failed, 1);

    boost::asio::ip::tcp::acceptor back{bench.context(),
                                        {boost::asio::ip::address_v4::loopback(), port}};
    auto const held = hold();
    EXPECT_FALSE(seen().last_failed_dial);
}

TEST_F(explained_lanes, count_those_whom_the_queue_has_no_room_for) {
    make({1, 0});
    auto const held = hold();
    auto const refused = begin();
    EXPECT_TRUE(*refused);
    EXPECT_EQ(bench.live().queue_refusals, 1);
}

} // namespace
} // namespace bctrl::pool
