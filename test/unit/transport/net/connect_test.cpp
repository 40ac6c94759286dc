#include "transport/net/connect.hpp"

#include "support/scripted_peer.hpp"
#include "support/strand_bench.hpp"
#include "transport/net/resolve.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl::net {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;
using testing::scripted_peer;
using testing::strand_bench;

using connected = outcome<std::unique_ptr<stream>, failure>;

class network : public ::testing::Test {
protected:
    ~network() override { bench.scope().destroy_all(); }

    /// A port of this machine on which nobody listens.
    unsigned short unused_port() {
        asio::ip::tcp::acceptor brief{bench.context(), {asio::ip::address_v4::loopback(), 0}};
        return brief.local_endpoint().port();
    }
    /// Begins without running anything but the task itself.
    template <class T>
    testing::pending<T> begin(task<T> work) {
        auto ended = std::make_shared<std::optional<T>>();
        bench.scope().begin(testing::keep(std::move(work), ended));
        return ended;
    }

    strand_bench bench;
    stop_signal stop;
    dial_progress dialling;
};

TEST_F(network, resolves_literals_without_looking_up) {
    for (auto const* text : {"127.0.0.1", "10.1.2.3", "::1", "2001:db8::1"}) {
        auto const found = begin(resolve(bench.runs_on(), text, 443, stop));
        ASSERT_TRUE(*found && **found) << text;
        ASSERT_EQ((**found)->size(), 1U);
        EXPECT_EQ((**found)->front().address().to_string(), text);
        EXPECT_EQ((**found)->front().port(), 443);
    }
}

/// Too long for a label, so that no name server is asked.
std::string unknown_name() {
    return std::string(70, 'x') + ".invalid";
}

TEST_F(network, resolves_this_machine) {
    auto const found = bench.finish(resolve(bench.runs_on(), "localhost", 80, stop));
    ASSERT_TRUE(found);
    ASSERT_FALSE(found->empty());
    for (auto const& each : *found) {
        EXPECT_TRUE(each.address().is_loopback());
        EXPECT_EQ(each.port(), 80);
    }
}

TEST_F(network, says_which_name_is_unknown) {
    auto const name = unknown_name();
    auto const found = bench.finish(resolve(bench.runs_on(), name, 80, stop));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, errc::resolve_failed);
    EXPECT_THAT(found.error().message, HasSubstr(name));
    EXPECT_TRUE(found.error().cause);
}

TEST_F(network, stops_looking_up_at_once) {
    auto const found = begin(resolve(bench.runs_on(), unknown_name(), 80, stop));
    ASSERT_FALSE(*found);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*found);
    EXPECT_EQ((*found)->error().code, asio::error::operation_aborted);
}

TEST_F(network, connects) {
    scripted_peer peer{{[](auto& c) { c.write("hello"); }}};
    auto made = bench.finish(connect(bench.runs_on(), {"127.0.0.1", peer.port()}, stop, dialling));
    ASSERT_TRUE(made);
    EXPECT_EQ(bench.live().sockets, 1);
    made->reset();
    EXPECT_EQ(bench.live().sockets, 0);
}

TEST_F(network, says_which_address_refused) {
    auto const port = unused_port();
    auto const made = bench.finish(connect(bench.runs_on(), {"127.0.0.1", port}, stop, dialling));
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::connect_failed);
    EXPECT_EQ(made.error().cause, asio::error::connection_refused);
    EXPECT_THAT(made.error().message, HasSubstr("127.0.0.1:" + std::to_string(port)));
    auto const v6 = bench.finish(connect(bench.runs_on(), {"::1", port}, stop, dialling));
    ASSERT_FALSE(v6);
    EXPECT_THAT(v6.error().message, HasSubstr("[::1]:" + std::to_string(port)));
}

TEST_F(network, stops_connecting_at_once) {
    scripted_peer const peer{{}};
    auto const made = begin(connect(bench.runs_on(), {"127.0.0.1", peer.port()}, stop, dialling));
    ASSERT_FALSE(*made);
    stop.request(stop_reason::deadline);
    EXPECT_FALSE(*made) << "not within the request";
    bench.settle();
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, errc::deadline_exceeded);
    EXPECT_EQ(bench.live().sockets, 0);
}

TEST_F(network, does_not_begin_when_stopped_before) {
    stop.request(stop_reason::cancelled);
    auto const made =
        bench.start(connect(bench.runs_on(), {"127.0.0.1", unused_port()}, stop, dialling));
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, asio::error::operation_aborted);
}

TEST_F(network, forgets_a_connection_whose_frame_is_destroyed) {
    scripted_peer const peer{{}};
    auto const made = begin(connect(bench.runs_on(), {"127.0.0.1", peer.port()}, stop, dialling));
    auto const found = begin(resolve(bench.runs_on(), unknown_name(), 80, stop));
    bench.scope().destroy_all();
    bench.settle();
    EXPECT_FALSE(*made || *found);
}

} // namespace
} // namespace bctrl::net
