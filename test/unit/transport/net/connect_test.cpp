#include "transport/net/connect.hpp"

#include "support/scripted_names.hpp"
#include "support/scripted_peer.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

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
    bench.scope().destroy_all();
    bench.settle();
    EXPECT_FALSE(*made);
}

/// Dials to a host with three addresses of this machine, 127.0.0.2 to 127.0.0.4.
class addressed_peer : public network {
protected:
    addressed_peer() { names->always({"127.0.0.2", "127.0.0.3", "127.0.0.4"}); }

    asio::ip::tcp::acceptor listen_at(char const* address, unsigned short port = 0) {
        return {bench.context(), {asio::ip::make_address(address), port}};
    }
    connected dial(unsigned short port) {
        if (!book) book.emplace(bench.runs_on(), names, "api.example", port);
        peer to{"api.example", port};
        to.addresses = &*book;
        to.through = through;
        return bench.finish(connect(bench.runs_on(), to, stop, dialling));
    }
    std::string first_address() {
        auto const all = bench.finish(book->addresses(stop));
        return all->front().address().to_string();
    }

    std::shared_ptr<testing::scripted_names> names = std::make_shared<testing::scripted_names>();
    std::optional<address_book> book;
    passage const* through = nullptr;
};

/// A proxy that answers what it is told to.
struct scripted_passage final : passage {
    task<outcome<void, failure>> open(stream&, stop_signal&) const override {
        ++asked;
        co_return answer;
    }
    mutable int asked = 0;
    outcome<void, failure> answer;
};

TEST_F(addressed_peer, is_connected_to_where_it_was_last) {
    auto const listener = listen_at("127.0.0.3");
    auto const port = listener.local_endpoint().port();
    ASSERT_TRUE(dial(port));
    EXPECT_EQ(first_address(), "127.0.0.3");
    EXPECT_EQ(names->asked().size(), 1U);
}

TEST_F(addressed_peer, is_looked_up_again_after_no_address_accepted) {
    auto const port = unused_port();
    auto const made = dial(port);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::connect_failed);
    for (auto const* each : {"127.0.0.2", "127.0.0.3", "127.0.0.4"})
        EXPECT_THAT(made.error().message, HasSubstr(each));
    EXPECT_FALSE(dial(port));
    EXPECT_EQ(names->asked().size(), 2U);
}

TEST_F(addressed_peer, is_tried_elsewhere_when_an_address_was_of_no_use) {
    scripted_passage proxy;
    through = &proxy;
    auto const listener = listen_at("127.0.0.2");
    auto const port = listener.local_endpoint().port();
    proxy.answer = failure{errc::proxy_failed, "502"};
    EXPECT_EQ(dial(port).error().message, "502");
    EXPECT_EQ(first_address(), "127.0.0.3");
    EXPECT_EQ(dialling.phase, dial_phase::tunnelling);

    auto const second = listen_at("127.0.0.3", port);
    proxy.answer = failure{errc::proxy_refused, "403"};
    EXPECT_EQ(dial(port).error().message, "403");
    EXPECT_EQ(first_address(), "127.0.0.3") << "elsewhere the answer would be the same";
    proxy.answer = outcome<void, failure>{};
    EXPECT_TRUE(dial(port));
    EXPECT_EQ(proxy.asked, 3);
    EXPECT_EQ(first_address(), "127.0.0.3");
}

TEST_F(addressed_peer, says_that_it_is_the_proxy_that_cannot_be_reached) {
    scripted_passage const proxy;
    through = &proxy;
    auto const port = unused_port();
    EXPECT_THAT(dial(port).error().message, HasSubstr("the proxy cannot be reached: "));
    names->always_fail(asio::error::host_not_found);
    book.reset();
    auto const made = dial(port);
    EXPECT_EQ(made.error().code, errc::resolve_failed);
    EXPECT_THAT(made.error().message, HasSubstr("the proxy cannot be reached: "));
}

} // namespace
} // namespace bctrl::net
