// Ctrl-C: the command ends at once, and what it waited for goes on.

#include "command_fixture.hpp"

#include "integration/emulator_peer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <csignal>

namespace bctrl::test {
namespace {

using emulator::eventually;
using testing::HasSubstr;

class interrupt : public command_test {
protected:
    /// Ends the command with `number` and expects it to leave at once.
    static ended_process interrupted(child_process& running, int number) {
        auto const begun = std::chrono::steady_clock::now();
        running.signal(number);
        auto ended = running.wait();
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 200ms);
        return ended;
    }
};

TEST_F(interrupt, ends_a_wait_and_leaves_the_operation_alone) {
    auto const id = emulator_->create_operation(life_of(1h));
    for (auto const number : {SIGINT, SIGTERM}) {
        child_process waiting{command({"operations", "wait", id, "--json"})};
        ASSERT_TRUE(eventually([&] { return emulator_->stats().parked == 1; }));
        auto const ended = interrupted(waiting, number);
        EXPECT_THAT(ended, refused_with(130));
        EXPECT_EQ(ended.err, "bctrl: interrupted\n");
        EXPECT_TRUE(eventually([&] { return emulator_->stats().connections_open == 0; }));
    }
    auto const left = boost::json::parse(bctrl({"operations", "get", id, "--json"}).out);
    EXPECT_EQ(left.at("status"), "running");
    EXPECT_TRUE(left.at("cancelRequestedAt").is_null());
}

TEST_F(interrupt, ends_a_call_that_the_server_does_not_answer) {
    using boost::asio::ip::tcp;
    asio::io_context unused;
    tcp::acceptor silent{unused, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
    auto const port = std::to_string(silent.local_endpoint().port());
    for (auto const* scheme : {"http://127.0.0.1:", "https://127.0.0.1:"}) {
        child_process asking{command({"operations", "get", "an-id"}, scheme + port)};
        auto const connection = silent.accept();
        EXPECT_THAT(interrupted(asking, SIGINT), refused_with(130));
    }
}

TEST_F(interrupt, ends_a_name_look_up_that_hangs) {
    auto start = command({"operations", "get", "an-id"}, "https://api.example.com");
    start.environment["LD_PRELOAD"] = BCTRL_HANGING_RESOLVER;
    start.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    child_process looking_up{start};
    ASSERT_TRUE(eventually([&] { return looking_up.err() == "looking up\n"; }));
    auto const ended = interrupted(looking_up, SIGINT);
    EXPECT_EQ(ended.exit_code, 130);
    EXPECT_THAT(ended.err, HasSubstr("bctrl: interrupted"));
}

} // namespace
} // namespace bctrl::test
