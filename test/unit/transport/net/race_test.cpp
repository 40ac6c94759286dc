#include "transport/net/race.hpp"

#include "support/accepting_server.hpp"
#include "support/descriptor_limit.hpp"
#include "support/silent_listener.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using testing::accepting_server;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::silent_listener;

class racing : public ::testing::Test {
protected:
    ~racing() override { bench.scope().destroy_all(); }

    testing::pending<outcome<connected, failure>> begin(address_list addresses) {
        return bench.start(race(bench.runs_on(), std::move(addresses), stop));
    }
    asio::ip::tcp::endpoint here(unsigned short port) const {
        return {asio::ip::address_v4::loopback(), port};
    }
    /// An address at which nobody listens.
    asio::ip::tcp::endpoint refusing() {
        asio::ip::tcp::acceptor brief{bench.context(), here(0)};
        return brief.local_endpoint();
    }

    testing::strand_bench bench;
    stop_signal stop;
};

TEST_F(racing, takes_the_first_address_when_it_answers) {
    accepting_server first{bench.context()};
    accepting_server second{bench.context()};
    auto const won = bench.finish(begin({here(first.port()), here(second.port())}));
    ASSERT_TRUE(won);
    EXPECT_EQ(won->to, here(first.port()));
    bench.settle();
    EXPECT_EQ(second.count(), 0U);
}

TEST_F(racing, goes_on_at_once_from_an_address_that_refuses) {
    accepting_server server{bench.context()};
    auto const won = bench.finish(begin({refusing(), refusing(), here(server.port())}));
    ASSERT_TRUE(won) << "without a step of time";
    EXPECT_EQ(won->to, here(server.port()));
}

TEST_F(racing, gives_a_silent_address_a_quarter_of_a_second) {
    silent_listener const dead;
    accepting_server server{bench.context()};
    auto const won = begin({dead.address(), here(server.port())});
    bench.pass(249ms);
    EXPECT_EQ(server.count(), 0U);
    EXPECT_FALSE(*won);
    bench.pass(1ms);
    bench.run_until([&] { return won->has_value(); });
    ASSERT_TRUE(**won);
    EXPECT_EQ((**won)->to, here(server.port()));
}

TEST_F(racing, leaves_nothing_behind) {
    silent_listener const dead;
    auto server = std::make_unique<accepting_server>(bench.context());
    auto won = begin({dead.address(), dead.address(), here(server->port())});
    bench.pass(500ms);
    bench.run_until([&] { return won->has_value(); });
    ASSERT_TRUE(**won);
    won.reset();
    server.reset();
    bench.settle();
    EXPECT_EQ(bench.context().poll(), 0U);
    EXPECT_TRUE(bench.context().stopped()) << "no handler is owed any more";
    EXPECT_FALSE(bench.time().next_alarm().has_value() &&
                 *bench.time().next_alarm() < bench.time().now());
}

TEST_F(racing, tells_what_became_of_every_address) {
    auto const first = refusing();
    auto const one = bench.finish(begin({first}));
    ASSERT_FALSE(one);
    EXPECT_EQ(one.error().code, errc::connect_failed);
    EXPECT_EQ(one.error().message,
              "connecting to " + text_of(first) + " failed: Connection refused");

    asio::ip::tcp::endpoint const second{asio::ip::address_v6::loopback(), first.port()};
    auto const two = bench.finish(begin({first, second}));
    ASSERT_FALSE(two);
    EXPECT_EQ(two.error().code, errc::connect_failed);
    EXPECT_EQ(two.error().cause, asio::error::connection_refused);
    EXPECT_EQ(two.error().message, "connecting failed: " + text_of(first) +
                                       " (Connection refused), " + text_of(second) +
                                       " (Connection refused)");

    auto const many = bench.finish(begin(address_list(9, first)));
    ASSERT_FALSE(many);
    EXPECT_THAT(many.error().message, HasSubstr(" and 5 more"));
}

TEST_F(racing, stops_at_once) {
    silent_listener const dead;
    auto const refuses = refusing();
    auto const made = begin({refuses, dead.address(), dead.address()});
    bench.run_until([&] { return bench.time().next_alarm().has_value(); });
    bench.pass(250ms);
    EXPECT_FALSE(*made);
    stop.request(stop_reason::timeout);
    bench.settle();
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, errc::deadline_exceeded);
    EXPECT_THAT((*made)->error().message,
                AllOf(HasSubstr("stopped"), HasSubstr(text_of(refuses) + " (Connection refused)"),
                      HasSubstr(text_of(dead.address()) + " (no answer)")));
}

TEST_F(racing, begins_nothing_when_stopped_before) {
    stop.request(stop_reason::cancelled);
    accepting_server server{bench.context()};
    auto const made = begin({here(server.port())});
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, asio::error::operation_aborted);
    bench.settle();
    EXPECT_EQ(server.count(), 0U);
}

TEST_F(racing, ends_with_its_frame) {
    silent_listener const dead;
    auto const made = begin({dead.address(), dead.address()});
    bench.pass(250ms);
    bench.scope().destroy_all();
    bench.settle();
    EXPECT_FALSE(*made);
}

// UBSan looks at objects through a pipe, and takes those for broken that it has no descriptor for.
#ifndef __SANITIZE_ADDRESS__
TEST_F(racing, says_at_once_that_no_descriptor_is_left) {
    auto const target = refusing();
    test::no_more_descriptors const none;
    auto const made = begin({target, target, target});
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, errc::too_many_descriptors);
    EXPECT_THAT((*made)->error().message, Not(HasSubstr(","))) << "the others were not tried";
}
#endif

// UBSan looks at objects through a pipe, and takes those for broken that it has no descriptor for.
#ifndef __SANITIZE_ADDRESS__
TEST_F(racing, waits_for_who_is_under_way_when_no_descriptor_is_left) {
    silent_listener const dead;
    auto const made = begin({dead.address(), dead.address(), dead.address()});
    test::no_more_descriptors const none;
    bench.pass(10s);
    EXPECT_FALSE(*made);
    stop.request(stop_reason::timeout);
    bench.settle();
    ASSERT_TRUE(*made);
    EXPECT_THAT((*made)->error().message, HasSubstr("(Too many open files)"));
}
#endif

} // namespace
} // namespace bctrl::net
