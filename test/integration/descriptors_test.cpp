// A process that runs out of descriptors: what its client still does, what it says, and that it
// recovers. The emulator is a process of its own, with descriptors of its own.

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
#include <boost/asio/use_future.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>

namespace bctrl::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t wait_count = 100;

/// Lets this process have no more than so many descriptors, while it lives.
class descriptor_limit {
public:
    explicit descriptor_limit(rlim_t most) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto lowered = before_;
        lowered.rlim_cur = most;
        EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
    }
    descriptor_limit(descriptor_limit const&) = delete;
    descriptor_limit& operator=(descriptor_limit const&) = delete;
    ~descriptor_limit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

/// Holds every descriptor that is left.
class descriptor_hoard {
public:
    descriptor_hoard() {
        for (int taken; (taken = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;)
            held_.emplace_back(taken);
    }

private:
    std::deque<descriptor> held_;
};

class few_descriptors : public testing::Test {
protected:
    few_descriptors() {
        port_ = server_.port();
        json::array wanted;
        for (std::size_t n = 0; n < wait_count; ++n)
            wanted.push_back(
                json::object{{"id", id(n)}, {"life", json::object{{"runtimeMs", 600'000}}}});
        emulator::peer p{port_};
        EXPECT_EQ(p.ask("POST", "/emulator/operations", json::serialize(wanted)).status, 201u);
    }

    static std::string id(std::size_t n) { return "op-" + std::to_string(n); }
    client make_client() {
        client_config config;
        config.key = api_key{"bctrl_emulator_key"};
        config.base_url = "http://127.0.0.1:" + std::to_string(port_);
        return client{context_.get_executor(), config};
    }
    void run(asio::awaitable<void> work) {
        auto done = asio::co_spawn(context_, std::move(work), asio::use_future);
        context_.restart();
        context_.run_for(60s);
        ASSERT_TRUE(context_.stopped()) << "work is left after a minute";
        done.get();
    }
    asio::awaitable<void> pause(std::chrono::milliseconds length) {
        asio::steady_timer timer{context_, length};
        co_await timer.async_wait(asio::use_awaitable);
    }
    /// Asks every 20 ms, for 20 s at the most.
    asio::awaitable<void> until(client& of, std::function<bool(explanation const&)> wanted) {
        for (int n = 0; n < 1'000; ++n) {
            auto const seen = co_await of.explain();
            if (wanted(seen)) co_return;
            co_await pause(20ms);
        }
        ADD_FAILURE() << to_text(co_await of.explain());
    }
    void begin_waits(client& by) {
        for (std::size_t n = 0; n < wait_count; ++n)
            by.operations().wait(id(n), [this](error_code ec, operation_wait_result) {
                EXPECT_EQ(ec, errc::client_closed);
                ++ended_;
            });
    }

    temporary_path file_{".state"};
    emulator_process server_{file_.string()};
    std::uint16_t port_ = 0;
    asio::io_context context_{1};
    std::size_t ended_ = 0;
};

lane_explanation const& wait_lane(explanation const& seen) {
    return seen.lanes.at(static_cast<std::size_t>(lane_kind::wait));
}

TEST_F(few_descriptors, leave_room_for_control_and_are_taken_when_they_come_back) {
    auto const scenario = [&]() -> asio::awaitable<void> {
        auto tried = make_client();
        {
            descriptor_limit const low{64};
            begin_waits(tried);
            co_await until(tried, [](explanation const& seen) {
                auto const& failed = wait_lane(seen).last_failed_dial;
                return failed && failed->code == errc::too_many_descriptors &&
                       wait_lane(seen).in_use == wait_lane(seen).open;
            });
            for (std::size_t n = 0; n < 20; ++n) {
                auto const got = co_await tried.operations().get(id(n));
                EXPECT_EQ(got.id, id(n));
            }
            auto const seen = co_await tried.explain();
            EXPECT_GT(wait_lane(seen).in_use, 20U);
            EXPECT_GT(wait_lane(seen).queued, 20U);
            EXPECT_EQ(seen.stats.wait_faults, 0) << "they queue for what there is";
            EXPECT_LT(seen.stats.dials_failed, 200) << "without a rest there are thousands";
        }
        co_await until(tried, [](explanation const& seen) {
            return wait_lane(seen).in_use == wait_count && wait_lane(seen).queued == 0;
        });
        EXPECT_EQ(ended_, 0U);
        co_await tried.close(0ms);
        EXPECT_EQ(tried.stats().sockets, 0);
    };
    run(scenario());
    EXPECT_EQ(ended_, wait_count);
}

TEST_F(few_descriptors, are_told_of_by_a_typed_error_if_there_are_none_at_all) {
    auto const scenario = [&]() -> asio::awaitable<void> {
        auto tried = make_client();
        {
            descriptor_limit const low{64};
            descriptor_hoard const all;
            error_details details;
            call_options once;
            once.retry = retry_policy{.attempts = 1};
            once.details = &details;
            error_code failed;
            try {
                co_await tried.operations().get(id(0), once);
            } catch (request_error const& fault) {
                failed = fault.code();
            }
            EXPECT_EQ(failed, errc::too_many_descriptors);
            EXPECT_EQ(details.attempts, 1U);
        }
        auto const got = co_await tried.operations().get(id(0));
        EXPECT_EQ(got.id, id(0));
        co_await tried.close(0ms);
    };
    run(scenario());
}

TEST_F(few_descriptors, come_from_the_reserve_even_if_others_took_them) {
    auto const scenario = [&]() -> asio::awaitable<void> {
        auto tried = make_client();
        descriptor_limit const low{64};
        tried.operations().wait(id(0), [](error_code, operation_wait_result) {});
        co_await until(tried, [](explanation const& seen) { return wait_lane(seen).in_use == 1; });
        descriptor_hoard const all;
        auto const got = co_await tried.operations().get(id(1));
        EXPECT_EQ(got.id, id(1));
        co_await tried.close(0ms);
    };
    run(scenario());
}

} // namespace
} // namespace bctrl::test
