#include "transport/pool/origin.hpp"

#include "support/scripted_peer.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <future>
#include <memory>
#include <utility>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::peer_connection;
using testing::scripted_peer;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class origins : public ::testing::Test {
protected:
    ~origins() override { bench.scope().destroy_all(); }

    origin& make(scripted_peer const& peer) {
        origin_settings settings;
        settings.host = "127.0.0.1";
        settings.port = peer.port();
        settings.headers = "Host: h\r\n";
        settings.control = {{2, 2}, 10s, 30s, 600s};
        settings.wait = {{2, 2}, 10s, 30s, 600s};
        made = std::make_unique<origin>(bench.runs_on(), std::move(settings));
        return *made;
    }
    testing::pending<exchange_outcome> begin(lane_kind lane = lane_kind::control,
                                             std::string_view method = "GET") {
        auto& request = requests.emplace_back();
        request.method = method;
        request.target = "/v1/x";
        return bench.start(made->exchange(requests.back(), lane, stop, told));
    }
    exchange_outcome ask(lane_kind lane = lane_kind::control, std::string_view method = "GET") {
        return bench.finish(begin(lane, method));
    }
    task<bool> wait_until_closed() {
        co_await made->closed();
        co_return true;
    }

    testing::strand_bench bench;
    stop_signal stop;
    activity told;
    std::deque<wire_request> requests; ///< outlive their exchanges
    std::unique_ptr<origin> made;
};

TEST_F(origins, send_their_headers_with_every_request) {
    std::string seen;
    scripted_peer const server{{[&](peer_connection& c) {
        seen = c.read_request();
        c.write(ok);
        c.read_to_end();
    }}};
    make(server);
    auto const done = ask();
    ASSERT_TRUE(done);
    EXPECT_EQ(done->body, "ok");
    EXPECT_EQ(seen, "GET /v1/x HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(bench.live().requests, 1);
    made.reset();
}

TEST_F(origins, keep_the_lanes_apart) {
    std::promise<peer_connection::socket_type> first;
    std::promise<peer_connection::socket_type> second;
    auto const answer_and_keep = [](auto& kept) {
        return [&kept](peer_connection& c) {
            c.read_request();
            c.write(ok);
            kept.set_value(std::move(c.socket()));
        };
    };
    scripted_peer const server{{answer_and_keep(first), answer_and_keep(second)}};
    make(server);
    EXPECT_TRUE(ask(lane_kind::control));
    auto const of_control = first.get_future().get();
    EXPECT_TRUE(ask(lane_kind::wait));
    auto const of_wait = second.get_future().get();
    EXPECT_EQ(bench.live().connections, 2);
    EXPECT_EQ(bench.live().sockets, 2);
}

TEST_F(origins, use_a_connection_again_after_a_whole_answer_only) {
    auto const twice = [](peer_connection& c) {
        c.read_request();
        c.write(ok);
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more");
        c.read_to_end();
    };
    scripted_peer const server{{twice, twice}};
    make(server);
    for (auto const connections : {1, 1, 2, 2}) {
        EXPECT_TRUE(ask());
        EXPECT_EQ(bench.live().connections, connections);
    }
    made.reset();
}

TEST_F(origins, know_that_a_head_answer_has_no_body) {
    scripted_peer const server{{[](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
        c.read_request();
        c.write(ok);
        c.read_to_end();
    }}};
    make(server);
    auto const head = ask(lane_kind::control, "HEAD");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->header("content-length"), "500");
    EXPECT_TRUE(ask());
    EXPECT_EQ(bench.live().connections, 1);
    made.reset();
}

TEST_F(origins, close_the_connection_of_an_exchange_that_was_stopped) {
    std::promise<void> closed;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_request();
        c.read_to_end();
        closed.set_value();
    }}};
    make(server);
    auto const done = begin(lane_kind::wait);
    bench.run_until([&] { return bench.live().watches > 0 && bench.live().requests == 1; });
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*done);
    EXPECT_EQ((*done)->error().why.code, boost::asio::error::operation_aborted);
    EXPECT_EQ(bench.live().sockets, 0);
    closed.get_future().wait();
}

TEST_F(origins, say_that_nothing_was_sent_when_there_is_no_connection) {
    auto peer = std::make_unique<scripted_peer>(std::vector<scripted_peer::script>{});
    make(*peer);
    peer.reset();
    auto const done = ask();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().why.code, errc::connect_failed);
    EXPECT_EQ(done.error().progress, exchange_progress::unsent);
    EXPECT_EQ(bench.live().requests, 0);
}

TEST_F(origins, tell_when_they_are_closed) {
    scripted_peer const server{{[](peer_connection& c) {
        c.read_request();
        c.write(ok);
        c.read_to_end();
    }}};
    make(server);
    EXPECT_TRUE(ask());
    auto const closed = bench.start(wait_until_closed());
    EXPECT_FALSE(*closed);
    made->close();
    bench.settle();
    EXPECT_TRUE(*closed);
    EXPECT_EQ(bench.live().sockets, 0);
    EXPECT_EQ(bench.live().watches, 0);
    auto const late = ask();
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().why.code, errc::client_closed);
}

TEST_F(origins, vanish_in_the_middle_of_an_exchange) {
    scripted_peer const server{{[](peer_connection& c) { c.read_to_end(); }}};
    make(server);
    auto const done = begin();
    bench.run_until([&] { return bench.live().requests == 1; });
    bench.scope().destroy_all();
    made->shut_down();
    made.reset();
    bench.settle();
    EXPECT_FALSE(*done);
    EXPECT_EQ(bench.live().sockets, 0);
}

} // namespace
} // namespace bctrl::pool
