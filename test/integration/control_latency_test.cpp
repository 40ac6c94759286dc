// Thousands of parked waits take nothing from the calls that are answered at once. Client and server are
// processes of their own and speak TLS; times are compared within one run only.

#include "emulator_process.hpp"

#include "support/temporary_path.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <sys/resource.h>

namespace bctrl::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using microseconds = std::chrono::microseconds;

/// One connection for each wait, and some more.
void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// What is measured is real time, and what is awaited happens in another process, which tells nobody:
/// it is asked again and again, and each loop that does so is bounded.
asio::awaitable<void> sleep_for(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
}

microseconds p99(std::vector<microseconds> of) {
    auto const at = of.begin() + static_cast<std::ptrdiff_t>(of.size() * 99 / 100);
    std::nth_element(of.begin(), at, of.end());
    return *at;
}

microseconds median(std::vector<microseconds> of) {
    auto const at = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
    std::nth_element(of.begin(), at, of.end());
    return *at;
}

class control_latency : public ::testing::Test {
protected:
    /// Calls of one block, which has one p99. The machine is shared with others: what befalls one block
    /// shall not be the measure of all.
    static constexpr int calls_in_block = 200, blocks = 5;
    static constexpr int at_a_time = 4;
    static constexpr std::chrono::milliseconds between_blocks = 400ms;

    control_latency() {
        allow_many_descriptors();
        config_.key = api_key{"bctrl_emulator_key"};
        config_.base_url = "https://127.0.0.1:" + std::to_string(server_.port());
        config_.ca_file = ca_.string();
        config_.limits.wait_connections = 5'000;
    }

    asio::awaitable<std::vector<std::string>> create(client& with, std::size_t count) {
        auto const text =
            R"({"count":)" + std::to_string(count) + R"(,"life":{"runtimeMs":600000}})";
        auto const made = co_await with.send(
            request{"POST", "/emulator/operations"}.body(*json_text::from(text)));
        std::vector<std::string> ids;
        auto const document = json::parse(made.body);
        auto const* const several = document.as_object().if_contains("operations");
        if (!several) ids.emplace_back(document.at("id").as_string());
        if (several)
            for (auto const& each : several->as_array())
                ids.emplace_back(each.at("id").as_string());
        co_return ids;
    }

    asio::awaitable<std::size_t> parked(client& with) {
        auto const seen = co_await with.send(request{"GET", "/emulator/stats"});
        co_return json::value_to<std::size_t>(json::parse(seen.body).at("parked"));
    }

    /// Makes calls one after the other: get and cancel, in turns.
    asio::awaitable<void> call(client& with, std::string id, int count,
                               std::vector<microseconds>& times) {
        for (int n = 0; n < count; ++n) {
            auto const begun = steady_clock::now();
            try {
                if (n % 2 == 0)
                    co_await with.operations().get(id);
                else
                    co_await with.operations().cancel(id);
            } catch (request_error const& e) {
                ADD_FAILURE() << e.what();
            }
            times.push_back(std::chrono::duration_cast<microseconds>(steady_clock::now() - begun));
        }
        ++callers_done_;
    }

    asio::awaitable<std::vector<microseconds>> call_from_several(client& with, std::string id,
                                                                 int count) {
        std::vector<microseconds> times;
        callers_done_ = 0;
        for (int n = 0; n < at_a_time; ++n)
            asio::co_spawn(context_, call(with, id, count / at_a_time, times), asio::detached);
        while (callers_done_ < at_a_time)
            co_await sleep_for(2ms);
        co_return times;
    }

    /// The p99 of each block of calls. Between blocks time passes in which waits take turns.
    asio::awaitable<void> measure(client& with, std::string id, std::vector<microseconds>& into) {
        for (int block = 0; block < blocks; ++block) {
            co_await sleep_for(between_blocks);
            // A processor that has rested takes a while to be quick again.
            co_await call_from_several(with, id, calls_in_block / 4);
            auto times = co_await call_from_several(with, id, calls_in_block);
            into.push_back(p99(std::move(times)));
        }
    }

    /// Some may just be between two polls.
    asio::awaitable<void> until_parked(client& with, std::size_t least, std::size_t most) {
        for (int n = 0; n < 1'200; ++n) {
            auto const now = co_await parked(with);
            if (now >= least && now <= most) co_return;
            co_await sleep_for(50ms);
        }
        ADD_FAILURE() << "there are not between " << least << " and " << most
                      << " waits parked after a minute";
    }

    /// Opening thousands of TLS connections takes processor time from everything; that is over when each
    /// piece of work has been asked about.
    asio::awaitable<void> until_all_are_looked_after(client& with, std::size_t waits) {
        for (int n = 0; n < 1'200; ++n) {
            auto const now = with.stats();
            if (now.dials == 0 && now.polls >= static_cast<std::int64_t>(waits)) co_return;
            co_await sleep_for(50ms);
        }
        ADD_FAILURE() << "some waits are not looked after after a minute";
    }

    /// Before, while, and after `waits` are in flight, of which as many as the lane allows are parked.
    asio::awaitable<void> compare(std::size_t waits) {
        client controls{context_.get_executor(), config_};
        std::vector<microseconds> idle, loaded;
        auto const ids = co_await create(controls, waits);
        auto const spare = (co_await create(controls, 1)).front();
        std::vector<microseconds> warming_up;
        co_await measure(controls, spare, warming_up);

        co_await measure(controls, spare, idle);
        for (auto const& each : ids)
            controls.operations().wait(each, [this](error_code ec, operation_wait_result const&) {
                EXPECT_EQ(ec, errc::client_closed);
                ++waits_ended_;
            });
        auto const places =
            config_.http == http_version::http1 ? config_.limits.wait_connections : waits;
        co_await until_parked(controls, std::min(waits, places) * 19 / 20, places);
        co_await until_all_are_looked_after(controls, waits);
        co_await measure(controls, spare, loaded);
        EXPECT_EQ(waits_ended_, 0U);
        EXPECT_EQ(controls.stats().calls, static_cast<std::int64_t>(waits));
        EXPECT_EQ(controls.stats().calls_failed, 0);
        co_await controls.close(0ms);
        EXPECT_EQ(waits_ended_, waits);

        client afterwards{context_.get_executor(), config_};
        co_await until_parked(afterwards, 0, 0);
        co_await measure(afterwards, spare, idle);
        co_await afterwards.close(0ms);
        judge(median(idle), median(loaded));
    }

    static void judge(microseconds idle, microseconds loaded) {
        std::cout << "p99 of get and cancel: " << idle.count() << " us while nothing is parked, "
                  << loaded.count() << " us beside the waits\n";
        EXPECT_LE(loaded, idle * 3 / 2 + 2ms);
    }

    void run(std::size_t waits, http_version version = http_version::http1) {
        config_.http = version;
        auto done = asio::co_spawn(context_, compare(waits), asio::use_future);
        context_.run_for(110s);
        ASSERT_TRUE(context_.stopped()) << "work is left";
        done.get();
    }

    temporary_path ca_{".pem"};
    secure_emulator_process server_{ca_.string()};
    asio::io_context context_{1};
    client_config config_;
    std::size_t waits_ended_ = 0;
    int callers_done_ = 0;
};

TEST_F(control_latency, is_not_raised_by_5000_parked_waits) {
    run(5'000);
}

TEST_F(control_latency, is_not_raised_by_waits_beyond_their_lane) {
    run(6'000);
}

TEST_F(control_latency, is_not_raised_by_20000_waits_over_http2) {
    run(20'000, http_version::http2);
}

} // namespace
} // namespace bctrl::test
