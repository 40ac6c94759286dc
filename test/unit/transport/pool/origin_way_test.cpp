#include "transport/pool/origin.hpp"

#include "support/accepting_server.hpp"
#include "support/scripted_names.hpp"
#include "support/scripted_peer.hpp"
#include "support/silent_listener.hpp"
#include "support/strand_bench.hpp"
#include "support/temporary_path.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;
using testing::accepting_server;
using ::testing::HasSubstr;
using testing::peer_connection;
using testing::scripted_peer;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

void serve_once(peer_connection& c) {
    c.read_request();
    c.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    c.read_to_end();
}

/// On which way an origin is reached.
class ways : public ::testing::Test {
protected:
    ways() {
        settings.host = "api.example";
        settings.headers = "Host: api.example\r\n";
        settings.control = {{2, 2}, 10s, 30s, 600s};
        settings.wait = {{2, 2}, 10s, 30s, 600s};
        settings.names = names;
    }
    ~ways() override { bench.scope().destroy_all(); }

    testing::pending<exchange_outcome> begin(lane_kind lane = lane_kind::control) {
        if (!made) made = std::make_unique<origin>(bench.runs_on(), settings);
        auto& request = requests.emplace_back();
        request.method = "GET";
        request.target = "/v1/x";
        return bench.start(made->exchange(requests.back(), lane, stop, told));
    }

    testing::strand_bench bench;
    stop_signal stop;
    activity told;
    std::shared_ptr<testing::scripted_names> names = std::make_shared<testing::scripted_names>();
    origin_settings settings;
    std::deque<wire_request> requests; ///< outlive their exchanges
    std::unique_ptr<origin> made;
};

TEST_F(ways, lead_past_a_dead_address_in_a_quarter_of_a_second_and_know_it_then) {
    scripted_peer const server{{serve_once, serve_once}};
    testing::silent_listener const dead{
        {boost::asio::ip::make_address("127.0.0.2"), server.port()}};
    names->always({"127.0.0.2", "127.0.0.1"});
    settings.port = server.port();
    auto const first = begin();
    bench.pass(249ms);
    EXPECT_FALSE(*first);
    bench.pass(1ms);
    EXPECT_TRUE(bench.finish(first));
    EXPECT_TRUE(bench.finish(begin(lane_kind::wait))) << "without a step of time";
    EXPECT_EQ(names->asked().size(), 1U) << "the lanes share what they know";
    made.reset();
}

TEST_F(ways, share_one_look_up) {
    accepting_server server{bench.context()};
    settings.port = server.port();
    auto const one = begin();
    auto const other = begin(lane_kind::wait);
    EXPECT_EQ(names->waiting(), 1U);
    EXPECT_EQ(made->explain()[0].resolving, 1U);
    EXPECT_EQ(made->explain()[1].resolving, 1U);
    names->answer({"127.0.0.1"});
    bench.run_until([&] { return server.count() == 2; });
    EXPECT_FALSE(*one || *other);
}

TEST_F(ways, lead_through_a_proxy) {
    std::string asked;
    std::string request;
    scripted_peer const proxy{{[&](peer_connection& c) {
        asked = c.read_request();
        c.write("HTTP/1.1 200 OK\r\n\r\n");
        request = c.read_request();
        c.write(ok);
        c.read_to_end();
    }}};
    names->always({"127.0.0.1"});
    settings.port = 8443;
    settings.proxy = tunnel::proxy_settings{"proxy.example", proxy.port(), {}};
    EXPECT_TRUE(bench.finish(begin()));
    EXPECT_THAT(names->asked(), ::testing::ElementsAre("proxy.example"));
    EXPECT_THAT(asked, HasSubstr("CONNECT api.example:8443 "));
    EXPECT_EQ(request, "GET /v1/x HTTP/1.1\r\nHost: api.example\r\n\r\n");
    made.reset();
}

TEST_F(ways, may_end_at_a_proxy_that_stays_silent) {
    accepting_server proxy{bench.context()};
    names->always({"127.0.0.1"});
    settings.port = 8443;
    settings.proxy = tunnel::proxy_settings{"proxy.example", proxy.port(), {}};
    auto const asked = begin();
    bench.run_until([&] { return made->explain()[0].tunnelling == 1; });
    bench.pass(10s);
    ASSERT_TRUE(*asked);
    auto const& why = (*asked)->error().why;
    EXPECT_EQ(why.code, errc::connect_failed);
    EXPECT_THAT(why.message, HasSubstr("within 10000 ms (stopped while asking the proxy "));
}

TEST_F(ways, lead_to_a_unix_socket) {
    test::temporary_path const path{".sock"};
    using local = boost::asio::local::stream_protocol;
    local::acceptor listener{bench.context(), path.string()};
    settings.unix_socket = path.string();
    auto const asked = begin();
    auto accepted = listener.accept();
    boost::asio::write(accepted, boost::asio::buffer(ok));
    EXPECT_TRUE(bench.finish(asked));
    EXPECT_TRUE(names->asked().empty());
}

} // namespace
} // namespace bctrl::pool
