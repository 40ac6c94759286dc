// The completion tokens that callers may bring.

#include "client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <thread>

namespace bctrl::test {
namespace {

using namespace asio::experimental::awaitable_operators;

class tokens : public testing::Test {
protected:
    tokens() { ended_ = emulator_->create_operation(life_of(0ms)); }

    secure_emulator emulator_;
    event_loop loop_;
    client client_{loop_.executor(), emulator_.config()};
    std::string ended_;
};

TEST_F(tokens, a_callback_is_called_once_on_the_context) {
    int calls = 0;
    std::optional<operation> found;
    client_.operations().get(ended_, [&](error_code ec, operation const& seen) {
        EXPECT_FALSE(ec);
        ++calls;
        found = seen;
        client_.abandon();
    });
    EXPECT_EQ(calls, 0) << "a handler must not run inside its initiation";
    loop_.drive();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(found->id, ended_);
}

TEST_F(tokens, a_callback_gets_the_details_through_its_options) {
    error_details why;
    error_code code;
    client_.operations().get("nobody", {.details = &why}, [&](error_code ec, operation const&) {
        code = ec;
        client_.abandon();
    });
    loop_.drive();
    EXPECT_EQ(code, errc::not_found);
    EXPECT_EQ(why.status, 404);
    EXPECT_EQ(why.code, "operation.not_found");
    EXPECT_FALSE(why.request_id.empty());
}

TEST_F(tokens, a_handler_runs_on_its_own_executor) {
    auto const own = asio::make_strand(loop_.context());
    bool inside = false;
    client_.operations().get(ended_, asio::bind_executor(own, [&](error_code, operation const&) {
                                 inside = own.running_in_this_thread();
                                 client_.abandon();
                             }));
    loop_.drive();
    EXPECT_TRUE(inside);
}

TEST_F(tokens, a_future_is_ready_when_the_call_has_ended) {
    auto future = client_.operations().wait(ended_, asio::use_future);
    std::jthread const runs{[&] { loop_.context().run(); }};
    EXPECT_EQ(future.get().operation.status, durable_status::succeeded);
    auto const failing = [&] { client_.operations().get("nobody", asio::use_future).get(); };
    EXPECT_THROW(failing(), boost::system::system_error);
    client_.abandon();
}

asio::awaitable<void> await_as_tuple(client& with, std::string id) {
    auto const [ec, found] =
        co_await with.operations().get(id, asio::as_tuple(asio::use_awaitable));
    EXPECT_FALSE(ec);
    EXPECT_EQ(found.id, id);
    auto const [missing, nothing] =
        co_await with.operations().get("nobody", asio::as_tuple(asio::use_awaitable));
    EXPECT_EQ(missing, condition::not_found);
    EXPECT_EQ(nothing, operation{});
    with.abandon();
}

TEST_F(tokens, a_tuple_carries_the_error_code) {
    loop_.run(await_as_tuple(client_, ended_));
}

asio::awaitable<void> await_throwing(client& with) {
    try {
        co_await with.operations().get("nobody");
        ADD_FAILURE() << "no exception";
    } catch (request_error const& e) {
        EXPECT_EQ(e.code(), errc::not_found);
        EXPECT_EQ(e.details().code, "operation.not_found");
        EXPECT_NE(std::string{e.what()}.find("operations.get nobody"), std::string::npos);
    }
    with.abandon();
}

TEST_F(tokens, the_default_throws_all_details) {
    loop_.run(await_throwing(client_));
}

asio::awaitable<void> await_both_and_either(client& with, std::string ended, std::string endless) {
    auto const [one, other] =
        co_await (with.operations().wait(ended) && with.operations().wait(ended));
    EXPECT_EQ(one.operation.id, other.operation.id);

    auto const first = co_await (with.operations().wait(endless) || with.operations().wait(ended));
    EXPECT_EQ(first.index(), 1U);

    asio::steady_timer soon{co_await asio::this_coro::executor, 50ms};
    auto const timer_wins =
        co_await (with.operations().wait(endless) || soon.async_wait(asio::use_awaitable));
    EXPECT_EQ(timer_wins.index(), 1U);
    with.abandon();
}

TEST_F(tokens, awaitable_operators_work) {
    loop_.run(await_both_and_either(client_, ended_, emulator_->create_operation(life_of(60s))));
}

TEST_F(tokens, every_type_of_cancellation_ends_the_wait) {
    auto const endless = emulator_->create_operation(life_of(60s));
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        client waiting{loop_.executor(), emulator_.config()};
        asio::cancellation_signal stop;
        std::optional<error_code> ended;
        waiting.operations().wait(
            endless, asio::bind_cancellation_slot(stop.slot(),
                                                  [&](error_code ec, operation_wait_result const&) {
                                                      ended = ec;
                                                      waiting.abandon();
                                                  }));
        asio::steady_timer later{loop_.context(), 100ms};
        later.async_wait([&](error_code) { stop.emit(type); });
        loop_.drive();
        ASSERT_TRUE(ended.has_value());
        EXPECT_EQ(*ended, asio::error::operation_aborted);
        EXPECT_EQ(*ended, condition::cancelled);
    }
}

TEST_F(tokens, a_cancellation_before_the_call_has_begun_is_remembered) {
    asio::cancellation_signal stop;
    std::optional<error_code> ended;
    client_.operations().wait(
        emulator_->create_operation(life_of(60s)),
        asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, operation_wait_result const&) {
            ended = ec;
            client_.abandon();
        }));
    stop.emit(asio::cancellation_type::total);
    loop_.drive();
    EXPECT_EQ(*ended, asio::error::operation_aborted);
    EXPECT_EQ(emulator_->stats().requests, 0U);
}

TEST_F(tokens, a_cancellation_after_the_end_does_nothing) {
    asio::cancellation_signal stop;
    client_.operations().get(
        ended_, asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, operation const&) {
            EXPECT_FALSE(ec);
            client_.abandon();
        }));
    loop_.drive();
    stop.emit(asio::cancellation_type::terminal);
}

/// Asio lets a slot go from one operation to the next; the end of the first must not touch the second.
TEST_F(tokens, a_slot_serves_a_second_call_while_the_first_one_ends) {
    asio::cancellation_signal stop;
    std::optional<error_code> second;
    client_.operations().get(
        ended_, asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, operation const&) {
            EXPECT_FALSE(ec);
            stop.emit(asio::cancellation_type::terminal);
        }));
    client_.operations().wait(
        emulator_->create_operation(life_of(60s)),
        asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, operation_wait_result const&) {
            second = ec;
            client_.abandon();
        }));
    loop_.drive();
    EXPECT_EQ(second, asio::error::operation_aborted);
}

TEST_F(tokens, a_slot_serves_a_timer_after_a_call) {
    asio::cancellation_signal stop;
    asio::steady_timer timer{loop_.context(), 60s};
    std::optional<error_code> rung;
    client_.operations().get(
        ended_, asio::bind_cancellation_slot(stop.slot(), [&](error_code ec, operation const&) {
            EXPECT_FALSE(ec);
            stop.emit(asio::cancellation_type::terminal);
            client_.abandon();
        }));
    timer.async_wait(asio::bind_cancellation_slot(stop.slot(), [&](error_code ec) { rung = ec; }));
    loop_.drive();
    EXPECT_EQ(rung, asio::error::operation_aborted);
}

} // namespace
} // namespace bctrl::test
