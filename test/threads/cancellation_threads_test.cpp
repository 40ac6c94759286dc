// Cancellations that come from threads of which the client knows nothing, and clients that end while
// several threads use them; run under ThreadSanitizer.

#include "integration/cancellation_storm.hpp"

#include "support/seed.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <deque>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

namespace bctrl::test {
namespace {

constexpr int threads = 3;

/// A context that several threads run until this ends.
class busy_context {
public:
    busy_context() {
        for (int n = 0; n < threads; ++n)
            runners_.emplace_back([this] { context_.run(); });
    }
    ~busy_context() { let_end(); }

    asio::io_context& context() noexcept { return context_; }
    asio::any_io_executor executor() noexcept { return context_.get_executor(); }
    /// Returns when nothing is left to be done.
    void let_end() {
        work_.reset();
        runners_.clear();
    }

private:
    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
    std::vector<std::jthread> runners_;
};

class cancelled_from_other_threads : public ::testing::Test {
protected:
    void expect_server_left_alone() {
        for (int n = 0; n < 4'000 && emulator_->stats().connections_open > 0; ++n)
            std::this_thread::yield();
        EXPECT_EQ(emulator_->stats().connections_open, 0U);
        EXPECT_EQ(emulator_->stats().parked, 0U);
    }

    secure_emulator emulator_;
};

/// The client runs on three threads, its callers on three others, each on a strand of its own.
TEST_F(cancelled_from_other_threads, calls_of_every_kind_leave_nothing_behind) {
    constexpr int calls = 7'000, at_a_time = 60;
    auto const targets = storm_targets::on(emulator_.server());
    auto const seed = testing::seed();
    SCOPED_TRACE("BCTRL_TEST_SEED=" + std::to_string(seed));
    storm_account account{calls};
    busy_context clients;
    client shared{clients.executor(), emulator_.config()};
    {
        std::deque<storm_caller> callers;
        asio::thread_pool pool{threads};
        for (std::uint64_t n = 0; n < at_a_time; ++n)
            asio::co_spawn(
                asio::make_strand(pool),
                callers.emplace_back(shared, targets, account, seed + n).call_again_and_again(),
                [](std::exception_ptr const& thrown) { EXPECT_FALSE(thrown); });
        pool.join();
    }
    EXPECT_EQ(account.alive(), 0);
    shared.close(0ms, asio::use_future).get();
    expect_nothing_left(shared.stats());
    expect_all_ended(account, shared.stats(), calls);
    clients.let_end();
    expect_server_left_alone();
}

/// A wait whose signal is emitted where its handler runs, as Asio demands, and nowhere else.
struct guarded_wait {
    guarded_wait(asio::any_io_executor executor, std::atomic<int>& alive)
        : guard{asio::make_strand(executor)}, call{guard, alive} {}

    asio::strand<asio::any_io_executor> guard;
    testing::cancellable_call call;
};

/// No time passes between the beginning and the signal but what threads lose to one another.
TEST_F(cancelled_from_other_threads, signals_race_with_the_beginning_of_calls) {
    constexpr int calls = 3'000;
    auto const targets = storm_targets::on(emulator_.server());
    std::atomic<int> alive = 0;
    busy_context clients;
    client shared{clients.executor(), emulator_.config()};
    // Behind their context: strands end before it does.
    std::deque<guarded_wait> all;
    for (std::size_t n = 0; n < calls; ++n) {
        auto& one = all.emplace_back(clients.executor(), alive);
        asio::post(one.guard, [&, n] {
            one.call.begin(shared, testing::every_call[n % 5],
                           n % 2 == 0 ? testing::token_kind::callback : testing::token_kind::future,
                           n % 5 == 3 ? "/v1/operations/" + targets.ended + "/cancel"
                                      : targets.endless[n % targets.endless.size()]);
        });
        asio::post(one.guard, [&] { one.call.emit(asio::cancellation_type::terminal); });
        if (n % 8 == 0) std::this_thread::yield();
    }
    shared.close(10s, asio::use_future).get();
    expect_nothing_left(shared.stats());
    clients.let_end();
    for (auto& each : all)
        ASSERT_EQ(each.call.endings(), 1);
    EXPECT_EQ(alive, 0);
    expect_server_left_alone();
}

/// A signal may end, on the caller's thread, while the call is on its way on the client's.
TEST_F(cancelled_from_other_threads, signals_end_before_their_calls) {
    auto const ids = emulator_->create_operations(50, life_of(600s));
    std::atomic<int> ended = 0;
    busy_context clients;
    client shared{clients.executor(), emulator_.config()};
    for (std::size_t n = 0; n < 1'000; ++n) {
        asio::cancellation_signal brief;
        shared.operations().wait(
            ids[n % ids.size()],
            asio::bind_cancellation_slot(brief.slot(), [&](error_code, auto const&) { ++ended; }));
        if (n % 2 == 0) brief.emit(asio::cancellation_type::total);
    }
    shared.close(0ms, asio::use_future).get();
    clients.let_end();
    EXPECT_EQ(ended, 1'000);
}

/// Whoever is told of an end finds the call in no gauge.
TEST_F(cancelled_from_other_threads, what_has_ended_is_not_in_flight) {
    auto const id = emulator_->create_operation(life_of(0ms));
    busy_context clients;
    client shared{clients.executor(), emulator_.config()};
    for (int n = 0; n < 500; ++n) {
        EXPECT_EQ(shared.operations().get(id, asio::use_future).get().id, id);
        EXPECT_EQ(shared.stats().calls, 0);
        EXPECT_EQ(shared.stats().calls_succeeded, n + 1);
    }
    shared.close(0ms, asio::use_future).get();
}

/// Of what has ended. Calls that begin only now are in flight for as long as it takes to refuse them.
void expect_no_wire(client_stats const& left) {
    EXPECT_EQ(left.sockets, 0);
    EXPECT_EQ(left.watches, 0);
    EXPECT_EQ(left.dials, 0);
    EXPECT_EQ(left.queued, 0);
}

/// close() says that nothing is left, and so it is, whatever thread carries the last news of a socket.
TEST_F(cancelled_from_other_threads, close_is_a_barrier_for_all_threads) {
    auto const ids = emulator_->create_operations(40, life_of(600s));
    for (int round = 0; round < 40; ++round) {
        busy_context clients;
        auto config = emulator_.config();
        if (round % 2 == 0) config.http = http_version::http1;
        client shared{clients.executor(), config};
        std::atomic<int> ended = 0, begun = 0;
        std::vector<std::jthread> callers;
        for (int thread = 0; thread < 2; ++thread)
            callers.emplace_back([&] {
                for (auto const& each : ids) {
                    ++begun;
                    shared.operations().wait(each, [&](error_code ec, auto const&) {
                        EXPECT_EQ(ec, errc::client_closed);
                        ++ended;
                    });
                }
            });
        // Some begin before, some meanwhile.
        while (shared.stats().requests < round % 20)
            std::this_thread::yield();
        std::jthread const abandons{[&] {
            if (round % 3 == 0) shared.abandon();
        }};
        auto first = shared.close(0ms, asio::use_future);
        auto second = std::async(std::launch::async, [&] {
            shared.close(1h, asio::use_future).get();
            expect_no_wire(shared.stats());
        });
        first.get();
        expect_no_wire(shared.stats());
        second.get();
        callers.clear();
        clients.let_end();
        expect_nothing_left(shared.stats());
        EXPECT_EQ(ended, begun);
    }
}

/// The context is stopped by its owner and destroyed while calls are anywhere.
TEST_F(cancelled_from_other_threads, handlers_are_called_once_or_vanish_with_their_context) {
    auto const ids = emulator_->create_operations(20, life_of(600s));
    auto const over = emulator_->create_operation(life_of(0ms));
    for (int round = 0; round < 60; ++round) {
        std::atomic<int> alive = 0, told = 0;
        std::optional<client> with;
        {
            asio::thread_pool pool{threads};
            with.emplace(round % 2 == 0 ? asio::any_io_executor{pool.get_executor()}
                                        : asio::any_io_executor{asio::make_strand(pool)},
                         emulator_.config());
            auto handler = [&] {
                return [&told, frame = testing::live_handler{alive}](error_code, auto const&...) {
                    ++told;
                };
            };
            for (auto const& each : ids) {
                with->operations().wait(each, handler());
                with->operations().get(over, handler());
            }
            for (int n = 0; n < round * 20; ++n)
                std::this_thread::yield();
            if (round % 4 == 0) with.reset();
            if (round % 4 == 1) with->close(0ms, handler());
            pool.stop();
        }
        EXPECT_LE(told, 41);
        EXPECT_EQ(alive, 0) << "round " << round;
    }
}

} // namespace
} // namespace bctrl::test
