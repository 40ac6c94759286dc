// Waits that are cancelled in every phase leave nothing behind.

#include "client_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <random>

namespace bctrl::test {
namespace {

using std::chrono::steady_clock;

/// One wait that is cancelled at a moment of its own.
struct cancelled_wait {
    explicit cancelled_wait(asio::io_context& context) : at{context} {}

    asio::cancellation_signal stop;
    asio::steady_timer at;
    steady_clock::time_point cancelled;
    steady_clock::time_point ended;
    error_code code;
    int endings = 0;
};

class cancellation : public testing::Test {
protected:
    /// What the system gives to the loop itself is opened before anything is counted.
    cancellation() { asio::steady_timer const first{loop_.context()}; }

    void begin(client& with, std::string const& id) {
        auto& wait = waits_.emplace_back(loop_.context());
        with.operations().wait(
            id, asio::bind_cancellation_slot(
                    wait.stop.slot(),
                    [this, &wait, &with](error_code ec, operation_wait_result const&) {
                        wait.code = ec;
                        wait.ended = steady_clock::now();
                        ++wait.endings;
                        if (++ended_ == waits_.size()) with.abandon();
                    }));
    }

    static void cancel_after(cancelled_wait& wait, std::chrono::microseconds delay) {
        wait.at.expires_after(delay);
        wait.at.async_wait([&wait](error_code) {
            wait.cancelled = steady_clock::now();
            wait.stop.emit(asio::cancellation_type::terminal);
        });
    }

    void expect_each_ended_once() const {
        for (auto const& each : waits_) {
            EXPECT_EQ(each.endings, 1);
            EXPECT_EQ(each.code, asio::error::operation_aborted);
        }
    }

    /// The longest time from a cancellation to the end of its wait.
    steady_clock::duration slowest() const {
        steady_clock::duration most{};
        for (auto const& each : waits_)
            most = std::max(most, each.ended - each.cancelled);
        return most;
    }

    secure_emulator emulator_;
    event_loop loop_;
    std::deque<cancelled_wait> waits_;
    std::size_t ended_ = 0;
};

void expect_nothing_left(client const& of) {
    auto const left = of.stats();
    EXPECT_EQ(left.calls, 0);
    EXPECT_EQ(left.queued, 0);
    EXPECT_EQ(left.dials, 0);
    EXPECT_EQ(left.sockets, 0);
    EXPECT_EQ(left.watches, 0);
}

asio::awaitable<void> until_parked(emulator::server& on, std::size_t count) {
    asio::steady_timer pause{co_await asio::this_coro::executor};
    for (int n = 0; n < 2'000 && on.stats().parked < count; ++n) {
        pause.expires_after(5ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
    EXPECT_EQ(on.stats().parked, count);
}

/// The server closes its side, too, as soon as it has noticed.
asio::awaitable<void> until_left_alone(emulator::server& on) {
    asio::steady_timer pause{co_await asio::this_coro::executor};
    for (int n = 0; n < 2'000 && on.stats().connections_open > 0; ++n) {
        pause.expires_after(5ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
    EXPECT_EQ(on.stats().connections_open, 0U);
    EXPECT_EQ(on.stats().parked, 0U);
}

unsigned seed() {
    auto const given = testing::UnitTest::GetInstance()->random_seed();
    return given == 0 ? 4'711U : static_cast<unsigned>(given);
}

TEST_F(cancellation, a_thousand_parked_waits_cancelled_at_random_moments) {
    auto const before = open_descriptors();
    std::mt19937 chance{seed()};
    std::uniform_int_distribution<int> moment{0, 1'000'000};
    client waiting{loop_.executor(), emulator_.config()};
    auto const ids = emulator_->create_operations(1'000, life_of(120s));
    for (auto const& each : ids)
        begin(waiting, each);
    auto all = [&]() -> asio::awaitable<void> {
        co_await until_parked(emulator_.server(), ids.size());
        for (auto& each : waits_)
            cancel_after(each, std::chrono::microseconds{moment(chance)});
    };
    loop_.run(all());

    expect_each_ended_once();
    EXPECT_LT(slowest(), 100ms);
    expect_nothing_left(waiting);
    loop_.run(until_left_alone(emulator_.server()));
    EXPECT_EQ(open_descriptors(), before);
}

TEST_F(cancellation, a_thousand_waits_cancelled_in_every_phase) {
    auto const before = open_descriptors();
    std::mt19937 chance{seed()};
    // From before the first connection stands until all of them are parked.
    std::uniform_int_distribution<int> moment{0, 3'000'000};
    client waiting{loop_.executor(), emulator_.config()};
    auto const ids = emulator_->create_operations(1'000, life_of(120s));
    for (auto const& each : ids) {
        begin(waiting, each);
        cancel_after(waits_.back(), std::chrono::microseconds{moment(chance)});
    }
    loop_.drive();

    expect_each_ended_once();
    expect_nothing_left(waiting);
    loop_.run(until_left_alone(emulator_.server()));
    EXPECT_EQ(open_descriptors(), before);
}

asio::awaitable<void> cancel_one_of_two(client& with, emulator::server& on) {
    auto const stays = on.create_operation(life_of(700ms));
    auto const goes = on.create_operation(life_of(60s));
    asio::cancellation_signal stop;
    bool stopped = false;
    with.operations().wait(goes, asio::bind_cancellation_slot(
                                     stop.slot(), [&](error_code ec, operation_wait_result const&) {
                                         stopped = ec == asio::error::operation_aborted;
                                     }));
    std::optional<operation_wait_result> seen;
    with.operations().wait(stays, [&](error_code ec, operation_wait_result result) {
        if (!ec) seen = std::move(result);
    });
    co_await until_parked(on, 2);
    stop.emit(asio::cancellation_type::partial);

    asio::steady_timer pause{co_await asio::this_coro::executor};
    for (int n = 0; n < 400 && on.stats().parked == 2; ++n) {
        pause.expires_after(1ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
    EXPECT_TRUE(stopped);
    EXPECT_EQ(on.stats().waits_abandoned, 1U) << "the server must see that the wait was given up";
    for (int n = 0; n < 400 && !seen; ++n) {
        pause.expires_after(5ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
    EXPECT_TRUE(seen.has_value()) << "the other wait must go on";
    co_await with.close(0ms);
}

TEST_F(cancellation, closes_its_own_exchange_and_no_other) {
    client waiting{loop_.executor(), emulator_.config()};
    loop_.run(cancel_one_of_two(waiting, emulator_.server()));
}

asio::awaitable<void> close_with_waits(client& with, emulator::server& on) {
    auto const ids = on.create_operations(50, life_of(60s));
    int closed = 0;
    for (auto const& each : ids)
        with.operations().wait(each, [&](error_code ec, operation_wait_result const&) {
            EXPECT_EQ(ec, errc::client_closed);
            EXPECT_EQ(ec, condition::cancelled);
            ++closed;
        });
    co_await until_parked(on, 50);
    co_await with.close(10ms);
    EXPECT_EQ(closed, 50);
    expect_nothing_left(with);
    co_await until_left_alone(on);
}

TEST_F(cancellation, close_is_a_barrier) {
    auto const before = open_descriptors();
    client waiting{loop_.executor(), emulator_.config()};
    loop_.run(close_with_waits(waiting, emulator_.server()));
    EXPECT_EQ(open_descriptors(), before);
}

asio::awaitable<void> close_patiently(client& with, emulator::server& on) {
    auto const id = on.create_operation(life_of(300ms));
    std::optional<error_code> ended;
    with.operations().wait(id, [&](error_code ec, operation_wait_result const&) { ended = ec; });
    co_await until_parked(on, 1);
    co_await with.close(20s);
    EXPECT_TRUE(ended.has_value());
    EXPECT_FALSE(*ended) << "the wait had time to end by itself";
    error_details why;
    auto token = asio::redirect_error(asio::use_awaitable, *ended);
    co_await with.operations().get(id, {.details = &why}, token);
    EXPECT_EQ(*ended, errc::client_closed);
    co_await with.close(0ms);
}

TEST_F(cancellation, close_lets_calls_end_in_their_own_time) {
    client waiting{loop_.executor(), emulator_.config()};
    loop_.run(close_patiently(waiting, emulator_.server()));
}

} // namespace
} // namespace bctrl::test
