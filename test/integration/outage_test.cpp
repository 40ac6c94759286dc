// Waits outlive the death of the server that they wait on, in real time.

#include "emulator_peer.hpp"
#include "emulator_process.hpp"

#include "support/temporary_path.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t wait_count = 500;
constexpr auto first_end = 1s, last_end = 9s;

struct scripted {
    std::string id;
    std::string ending;
    std::chrono::milliseconds length;
};

/// Ends spread evenly between the first and the last, of every kind.
std::vector<scripted> script() {
    static std::string const endings[] = {"succeeded", "failed", "timed_out", "cancelled"};
    std::vector<scripted> all;
    for (std::size_t n = 0; n < wait_count; ++n) {
        std::chrono::milliseconds const later = (last_end - first_end) * n / (wait_count - 1);
        all.push_back({"op-" + std::to_string(n), endings[n % 4], first_end + later});
    }
    return all;
}

void create(std::uint16_t port, std::vector<scripted> const& all) {
    json::array wanted;
    for (auto const& each : all) {
        wanted.push_back(json::object{
            {"id", each.id},
            {"life", json::object{{"runtimeMs", each.length.count()}, {"end", each.ending}}}});
    }
    emulator::peer p{port};
    ASSERT_EQ(p.ask("POST", "/emulator/operations", json::serialize(wanted)).status, 201u);
}

class outage : public testing::Test {
protected:
    outage() { serve(); }

    void serve() { server_.emplace(file_.string(), port_); }

    /// Kills the server while waits are in flight, and starts it again after the downtime.
    asio::awaitable<void> kill_and_restart() {
        asio::steady_timer timer{context_, 1500ms};
        co_await timer.async_wait(asio::use_awaitable);
        server_->kill();
        timer.expires_after(5s);
        co_await timer.async_wait(asio::use_awaitable);
        ended_before_restart_ = ended_;
        serve();
    }

    asio::awaitable<void> wait(client& with, std::string id) {
        try {
            auto const ended = co_await with.operations().wait(id);
            EXPECT_FALSE(ended.timed_out_waiting) << id;
            EXPECT_TRUE(statuses_.emplace(id, ended.operation.status.text()).second) << id;
        } catch (std::exception const& fault) {
            ADD_FAILURE() << id << ": " << fault.what();
        }
        ++ended_;
    }

    std::uint16_t const port_ = quiet_port();
    temporary_path file_{".state"};
    std::optional<emulator_process> server_;
    asio::io_context context_{1};
    std::map<std::string, std::string> statuses_; ///< of what has ended, as the waits tell it
    std::size_t ended_ = 0;
    std::size_t ended_before_restart_ = 0;
};

TEST_F(outage, loses_no_wait_and_falsifies_no_ending) {
    auto const all = script();
    ASSERT_EQ(server_->port(), port_);
    create(port_, all);

    client_config config;
    config.key = api_key{"bctrl_emulator_key"};
    config.base_url = "http://127.0.0.1:" + std::to_string(port_);
    client waiting{context_.get_executor(), config};
    for (auto const& each : all)
        asio::co_spawn(context_, wait(waiting, each.id), asio::detached);
    asio::co_spawn(context_, kill_and_restart(), asio::detached);
    auto const limit = std::chrono::steady_clock::now() + 60s;
    while (ended_ < wait_count && context_.run_one_until(limit) > 0) {
    }

    EXPECT_LT(ended_before_restart_, wait_count) << "the server was to die with waits in flight";
    for (auto const& each : all)
        EXPECT_EQ(statuses_[each.id], each.ending) << each.id;
    EXPECT_EQ(server_->stop().exit_code, 0);
}

} // namespace
} // namespace bctrl::test
