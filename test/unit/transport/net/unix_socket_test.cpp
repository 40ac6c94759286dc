#include "transport/net/unix_socket.hpp"

#include "support/descriptor_limit.hpp"
#include "support/strand_bench.hpp"
#include "support/temporary_path.hpp"
#include "transport/net/connect.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace bctrl::net {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using local = boost::asio::local::stream_protocol;

class unix_sockets : public ::testing::Test {
protected:
    ~unix_sockets() override { bench.scope().destroy_all(); }

    testing::pending<outcome<socket, failure>> begin() {
        return bench.start(connect_to_unix_socket(bench.runs_on(), path.string(), stop));
    }

    testing::strand_bench bench;
    stop_signal stop;
    test::temporary_path path{".sock"};
};

TEST_F(unix_sockets, carry_streams) {
    local::acceptor listener{bench.context(), path.string()};
    dial_progress told;
    peer to{"api.example", 80};
    to.unix_socket = path.string();
    auto const made = bench.finish(connect(bench.runs_on(), to, stop, told));
    ASSERT_TRUE(made) << made.error().message;
    auto accepted = listener.accept();
    std::array<char, 16> bytes{};
    EXPECT_EQ((*made)->try_write(std::string_view{"hello"}).bytes, 5U);
    EXPECT_EQ(accepted.receive(boost::asio::buffer(bytes)), 5U);
    accepted.send(boost::asio::buffer("world", 5));
    EXPECT_EQ((*made)->try_read(bytes).bytes, 5U);
    EXPECT_EQ((*made)->try_read(bytes).what, transfer::status::want_read);
    accepted.close();
    EXPECT_EQ((*made)->try_read(bytes).what, transfer::status::ended);
}

TEST_F(unix_sockets, may_be_missing_or_without_a_listener) {
    auto const missing = begin();
    ASSERT_TRUE(*missing && !**missing);
    EXPECT_EQ((*missing)->error().code, errc::connect_failed);
    EXPECT_EQ((*missing)->error().cause, boost::system::errc::no_such_file_or_directory);
    EXPECT_THAT((*missing)->error().message, HasSubstr("\"" + path.string() + "\""));
    local::acceptor{bench.context(), path.string()}.close();
    auto const refused = begin();
    ASSERT_TRUE(*refused && !**refused);
    EXPECT_EQ((*refused)->error().cause, boost::asio::error::connection_refused);
}

TEST_F(unix_sockets, are_tried_again_while_the_queue_of_the_listener_is_full) {
    local::acceptor listener{bench.context()};
    listener.open();
    listener.bind(path.string());
    listener.listen(0);
    auto const first = begin();
    ASSERT_TRUE(*first && **first);
    auto const second = begin();
    bench.pass(1s);
    EXPECT_FALSE(*second);
    auto const accepted = listener.accept();
    bench.pass(10ms);
    ASSERT_TRUE(*second);
    EXPECT_TRUE(**second);
    auto const third = begin();
    EXPECT_FALSE(*third);
    stop.request(stop_reason::timeout);
    bench.settle();
    ASSERT_TRUE(*third);
    EXPECT_EQ((*third)->error().code, errc::deadline_exceeded);
}

// UBSan looks at objects through a pipe, and takes those for broken that it has no descriptor for.
#ifndef __SANITIZE_ADDRESS__
TEST_F(unix_sockets, need_descriptors_too) {
    local::acceptor const listener{bench.context(), path.string()};
    test::no_more_descriptors const none;
    auto const made = begin();
    ASSERT_TRUE(*made && !**made);
    EXPECT_EQ((*made)->error().code, errc::too_many_descriptors);
}
#endif

} // namespace
} // namespace bctrl::net
