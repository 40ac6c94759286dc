// Waits on the same work share a poll, and what becomes of the work when they are abandoned.

#include "client_fixture.hpp"

#include <bctrl/remote_cancel.hpp>
#include <bctrl/wait_account.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace bctrl::test {
namespace {

class sharing : public testing::Test {
protected:
    /// Runs `work`, and closes the client behind it.
    template <class Work>
    void with_client(Work work) {
        client made{loop_.executor(), emulator_.config()};
        auto all = [&]() -> asio::awaitable<void> {
            co_await work(made);
            co_await made.close(10s);
        };
        loop_.run(all());
    }

    secure_emulator emulator_;
    event_loop loop_;
};

asio::awaitable<void> until(std::function<bool()> const& done) {
    asio::steady_timer pause{co_await asio::this_coro::executor};
    for (int n = 0; n < 2'000 && !done(); ++n) {
        pause.expires_after(5ms);
        co_await pause.async_wait(asio::use_awaitable);
    }
    EXPECT_TRUE(done());
}

asio::awaitable<void> wait_a_thousand_times(client& with, emulator::server& on) {
    auto const id = on.create_operation(life_of(500ms));
    int succeeded = 0;
    int ended = 0;
    for (int n = 0; n < 1'000; ++n)
        with.operations().wait(id, [&](error_code ec, operation_wait_result const& seen) {
            succeeded += !ec && seen.operation.status == durable_status::succeeded ? 1 : 0;
            ++ended;
        });
    co_await until([&] { return ended == 1'000; });
    EXPECT_EQ(succeeded, 1'000);
    EXPECT_EQ(on.stats().requests, 1U);
    EXPECT_EQ(on.stats().connections_total, 1U);
    EXPECT_EQ(with.stats().polls_shared, 999);
}

TEST_F(sharing, makes_one_request_for_a_thousand_waits) {
    with_client([&](client& c) { return wait_a_thousand_times(c, emulator_.server()); });
}

asio::awaitable<void> abandon(client& with, emulator::server& on, abandonment promise) {
    auto const id = on.create_operation(life_of(60s));
    error_details why;
    wait_account account;
    error_code ended;
    asio::cancellation_signal stop;
    with.operations().wait(
        id, {.on_abandon = promise, .details = &why, .account = &account},
        asio::bind_cancellation_slot(
            stop.slot(), [&](error_code ec, operation_wait_result const&) { ended = ec; }));
    co_await until([&] { return on.stats().parked == 1; });
    stop.emit(asio::cancellation_type::terminal);
    co_await until([&] { return bool{ended}; });
    EXPECT_EQ(ended, asio::error::operation_aborted);
    EXPECT_EQ(account.polls, 1U);
    if (promise == abandonment::leave) {
        EXPECT_FALSE(why.cancel_sent);
        auto const left = co_await with.operations().get(id);
        EXPECT_EQ(left.status, durable_status::running);
    } else {
        EXPECT_TRUE(why.cancel_sent);
        if (!why.cancel_sent) co_return;
        co_await until([&] { return why.cancel_sent->state() != remote_cancel_state::under_way; });
        EXPECT_EQ(why.cancel_sent->state(), remote_cancel_state::confirmed);
        auto const seen = co_await with.operations().wait(id);
        EXPECT_EQ(seen.operation.status, durable_status::cancelled);
    }
}

TEST_F(sharing, leaves_the_work_alone_when_the_last_wait_goes) {
    with_client([&](client& c) { return abandon(c, emulator_.server(), abandonment::leave); });
}

TEST_F(sharing, cancels_the_work_if_that_was_promised) {
    with_client(
        [&](client& c) { return abandon(c, emulator_.server(), abandonment::cancel_remote); });
    with_client(
        [&](client& c) { return abandon(c, emulator_.server(), abandonment::cancel_if_last); });
}

asio::awaitable<void> abandon_and_close(client& with, emulator::server& on,
                                        std::shared_ptr<remote_cancel const>& sent) {
    auto const id = on.create_operation(life_of(60s));
    error_details why;
    error_code ended;
    asio::cancellation_signal stop;
    with.operations().wait(
        id, {.on_abandon = abandonment::cancel_remote, .details = &why},
        asio::bind_cancellation_slot(
            stop.slot(), [&](error_code ec, operation_wait_result const&) { ended = ec; }));
    co_await until([&] { return on.stats().parked == 1; });
    stop.emit(asio::cancellation_type::total);
    co_await with.close(10s);
    EXPECT_EQ(ended, asio::error::operation_aborted);
    sent = why.cancel_sent;
}

TEST_F(sharing, keeps_its_promise_when_the_client_is_closed_right_behind) {
    std::shared_ptr<remote_cancel const> sent;
    client made{loop_.executor(), emulator_.config()};
    loop_.run(abandon_and_close(made, emulator_.server(), sent));
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->state(), remote_cancel_state::confirmed);
    EXPECT_EQ(made.stats().sockets, 0);
    EXPECT_EQ(made.stats().remote_cancels_confirmed, 1);
}

} // namespace
} // namespace bctrl::test
