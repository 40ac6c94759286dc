// A hundred thousand waits in one process over a few hundred connections, released at once.

#include "emulator_process.hpp"

#include "support/temporary_path.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_to.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iostream>
#include <string>

#include <sys/resource.h>

namespace bctrl::test {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

/// An operation that the emulator ends when it is told to release all of them.
std::string id_of(std::size_t index) {
    std::array<char, 37> text{};
    std::snprintf(text.data(), text.size(), "5ca1ab1e-%04zx-4000-8000-%04zxffffffff",
                  (index >> 16) & 0xffff, index & 0xffff);
    return text.data();
}

std::size_t resident_bytes() {
    std::ifstream status{"/proc/self/statm"};
    std::size_t all = 0;
    std::size_t resident = 0;
    status >> all >> resident;
    return resident * 4096;
}

std::chrono::microseconds processor_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return std::chrono::seconds{used.ru_utime.tv_sec + used.ru_stime.tv_sec} +
           std::chrono::microseconds{used.ru_utime.tv_usec + used.ru_stime.tv_usec};
}

class http2_scale : public ::testing::Test {
protected:
    /// What counts how waits end.
    auto counting() {
        return [this](error_code ec, operation_wait_result const& seen) {
            ++ended_;
            if (ec == asio::error::operation_aborted) ++aborted_;
            if (!ec && seen.operation.status == durable_status::succeeded) ++succeeded_;
        };
    }
    asio::awaitable<std::size_t> parked_at_least(client& with, std::size_t count) {
        return parked(with, "ge", count);
    }
    /// How many waits are parked, once they are at least (ge) or at most (le) so many.
    asio::awaitable<std::size_t> parked(client& with, std::string op, std::size_t count) {
        auto asked = request{"GET", "/admin/parked"};
        asked.query("op", op).query("count", std::to_string(count)).query("timeoutMs", "50000");
        auto const seen = co_await with.send(std::move(asked));
        co_return json::value_to<std::size_t>(json::parse(seen.body).at("parked"));
    }

    asio::awaitable<void> park_and_release(std::size_t waits, std::size_t streams) {
        client with{context_.get_executor(), config_};
        co_await parked_at_least(with, 0);
        auto const memory = resident_bytes();
        auto const time = processor_time();
        for (std::size_t n = 0; n < waits; ++n)
            with.operations().wait(id_of(n), counting());
        auto const now_parked = co_await parked_at_least(with, waits);
        EXPECT_EQ(now_parked, waits);
        auto const each = [waits](auto amount) { return static_cast<std::size_t>(amount) / waits; };
        std::cout << waits << " waits parked on " << with.stats().sockets << " connections, "
                  << each(resident_bytes() - memory) << " bytes and "
                  << each((processor_time() - time).count()) << " us of processor time each\n";
        EXPECT_LE(with.stats().sockets, static_cast<std::int64_t>(waits / streams * 105 / 100));
        EXPECT_EQ(with.stats().polls, static_cast<std::int64_t>(waits));
        EXPECT_EQ(with.stats().wait_faults, 0);
        EXPECT_EQ(ended_, 0U);
        auto const released_at = processor_time();
        co_await release(with, waits);
        std::cout << "and released for " << each((processor_time() - released_at).count())
                  << " us each\n";
        EXPECT_EQ(succeeded_, waits);
        EXPECT_EQ(with.stats().polls, static_cast<std::int64_t>(waits)) << "none was lost";
        co_await with.close(1s);
    }

    /// Every second wait is cancelled in one go, by a client of a server that bears 1,000 resets.
    asio::awaitable<void> park_and_cancel_half(std::size_t waits) {
        client with{context_.get_executor(), config_};
        std::deque<asio::cancellation_signal> stops;
        for (std::size_t n = 0; n < waits; ++n)
            with.operations().wait(
                id_of(n), asio::bind_cancellation_slot(stops.emplace_back().slot(), counting()));
        co_await parked_at_least(with, waits);
        auto const time = processor_time();
        for (std::size_t n = 0; n < waits; n += 2)
            stops[n].emit(asio::cancellation_type::terminal);
        for (int turn = 0; turn < 5; ++turn)
            co_await asio::post(context_, asio::use_awaitable);
        EXPECT_EQ(aborted_, waits / 2) << "every caller ends at once";
        std::cout << waits / 2 << " waits cancelled for " << (processor_time() - time).count()
                  << " us\n";
        auto const left = co_await parked(with, "le", waits / 2);
        EXPECT_EQ(left, waits / 2);
        co_await release(with, waits);
        EXPECT_EQ(succeeded_, waits / 2);
        EXPECT_EQ(with.stats().polls, static_cast<std::int64_t>(waits)) << "none was disturbed";
        co_await with.close(1s);
    }

    asio::awaitable<void> release(client& with, std::size_t waits) {
        co_await with.send(request{"POST", "/admin/release"});
        while (ended_ < waits)
            co_await parked_at_least(with, 0);
    }

    template <class Work>
    void run(std::size_t streams, Work work) {
        secure_emulator_process const server{ca_.string(),
                                             {"--bench", "--max-streams", std::to_string(streams)}};
        config_.key = api_key{"bctrl_emulator_key"};
        config_.base_url = "https://127.0.0.1:" + std::to_string(server.port());
        config_.ca_file = ca_.string();
        auto done = asio::co_spawn(context_, work(), asio::use_future);
        context_.run_for(110s);
        ASSERT_TRUE(context_.stopped()) << "work is left";
        done.get();
    }

    temporary_path ca_{".pem"};
    asio::io_context context_{1};
    client_config config_;
    std::size_t ended_ = 0;
    std::size_t succeeded_ = 0;
    std::size_t aborted_ = 0;
};

TEST_F(http2_scale, parks_100000_waits_at_250_streams) {
    run(250, [this] { return park_and_release(100'000, 250); });
}

TEST_F(http2_scale, parks_20000_waits_at_100_streams) {
    run(100, [this] { return park_and_release(20'000, 100); });
}

TEST_F(http2_scale, cancels_10000_of_20000_waits) {
    run(250, [this] { return park_and_cancel_half(20'000); });
}

} // namespace
} // namespace bctrl::test
