// Calls and cancellations from several threads at once; run under ThreadSanitizer.

#include "integration/client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace bctrl::test {
namespace {

constexpr int threads = 4;

class many_threads : public testing::Test {
protected:
    secure_emulator emulator_;
};

TEST_F(many_threads, calls_begin_on_any_thread_of_a_pool) {
    auto const ended = emulator_->create_operation(life_of(0ms));
    asio::thread_pool pool{threads};
    std::atomic<int> succeeded = 0;
    {
        client shared{pool.get_executor(), emulator_.config()};
        std::vector<std::jthread> callers;
        for (int n = 0; n < threads; ++n)
            callers.emplace_back([&] {
                for (int call = 0; call < 100; ++call)
                    if (shared.operations().get(ended, asio::use_future).get().id == ended)
                        ++succeeded;
            });
        callers.clear();
        shared.close(0ms, asio::use_future).get();
    }
    pool.join();
    EXPECT_EQ(succeeded, threads * 100);
}

/// A wait whose cancellation is emitted where its handler runs, as Asio demands, but on no thread
/// that the client knows of.
struct guarded_wait {
    explicit guarded_wait(asio::any_io_executor executor) : guard{asio::make_strand(executor)} {}

    asio::strand<asio::any_io_executor> guard;
    asio::cancellation_signal stop;
};

TEST_F(many_threads, waits_are_cancelled_from_other_threads) {
    constexpr int waits = 1'000;
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    asio::thread_pool callers{threads};
    std::atomic<int> aborted = 0;
    std::atomic<int> ended = 0;
    client shared{context.get_executor(), emulator_.config()};
    std::jthread const first{[&] { context.run(); }};
    std::jthread const second{[&] { context.run(); }};

    // Every second wait shares the polls of others.
    auto const ids = emulator_->create_operations(waits / 2, life_of(120s));
    std::mt19937 chance{42};
    std::uniform_int_distribution<int> moment{0, 1'500};
    for (int n = 0; n < waits; ++n) {
        auto const one = std::make_shared<guarded_wait>(callers.get_executor());
        auto const timer = std::make_shared<asio::steady_timer>(
            one->guard, std::chrono::milliseconds{moment(chance)});
        asio::post(one->guard, [&, n, one, timer] {
            auto told = [&, one](error_code ec, operation_wait_result const&) {
                aborted += ec == asio::error::operation_aborted ? 1 : 0;
                ++ended;
            };
            auto const& id = n % 2 == 0 ? ids.front() : ids[static_cast<std::size_t>(n) / 2];
            shared.operations().wait(
                id, asio::bind_cancellation_slot(one->stop.slot(),
                                                 asio::bind_executor(one->guard, std::move(told))));
            timer->async_wait(
                [one, timer](error_code) { one->stop.emit(asio::cancellation_type::terminal); });
        });
    }
    callers.join();
    shared.close(0ms, asio::use_future).get();
    EXPECT_EQ(ended, waits);
    EXPECT_EQ(aborted, waits);
    auto const left = shared.stats();
    EXPECT_EQ(left.calls, 0);
    EXPECT_EQ(left.sockets, 0);
    EXPECT_EQ(left.watches, 0);
    work.reset();
}

TEST_F(many_threads, a_client_is_destroyed_while_other_threads_run_its_calls) {
    for (int round = 0; round < 20; ++round) {
        asio::thread_pool pool{threads};
        std::atomic<int> ended = 0;
        auto const ids = emulator_->create_operations(15, life_of(120s));
        {
            client brief{pool.get_executor(), emulator_.config()};
            for (int n = 0; n < 20; ++n)
                brief.operations().wait(ids[static_cast<std::size_t>(n) % ids.size()],
                                        [&](error_code ec, operation_wait_result const&) {
                                            EXPECT_EQ(ec, errc::client_closed);
                                            ++ended;
                                        });
            std::this_thread::yield();
        }
        pool.join();
        EXPECT_EQ(ended, 20);
    }
}

TEST_F(many_threads, statistics_are_read_while_calls_run) {
    auto const ended = emulator_->create_operation(life_of(0ms));
    asio::thread_pool pool{2};
    client shared{pool.get_executor(), emulator_.config()};
    std::atomic<bool> done = false;
    std::jthread const reader{[&] {
        while (!done)
            EXPECT_GE(shared.stats().calls, 0);
    }};
    for (int n = 0; n < 50; ++n)
        shared.operations().get(ended, asio::use_future).get();
    done = true;
    shared.close(0ms, asio::use_future).get();
    pool.join();
}

TEST_F(many_threads, calls_are_explained_while_they_come_and_go) {
    auto const ended = emulator_->create_operation(life_of(0ms));
    auto const endless = emulator_->create_operation(life_of(120s));
    asio::thread_pool pool{2};
    client shared{pool.get_executor(), emulator_.config()};
    std::atomic<bool> done = false;
    std::vector<std::jthread> askers;
    for (int n = 0; n < 2; ++n)
        askers.emplace_back([&] {
            while (!done) {
                auto const seen = shared.explain(asio::use_future).get();
                EXPECT_EQ(seen.lanes.size(), 2U);
                EXPECT_FALSE(to_text(seen).empty());
                EXPECT_FALSE(to_json(seen).empty());
            }
        });
    for (int n = 0; n < 50; ++n) {
        shared.operations().wait(endless, [](error_code, operation_wait_result const&) {});
        shared.operations().get(ended, asio::use_future).get();
    }
    shared.close(0ms, asio::use_future).get();
    EXPECT_TRUE(shared.explain(asio::use_future).get().calls.empty());
    done = true;
    askers.clear();
    pool.join();
}

} // namespace
} // namespace bctrl::test
