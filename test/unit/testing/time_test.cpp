#include "call_result.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST(manual_time, passes_only_when_it_is_told_to) {
    simulation world;
    EXPECT_EQ(world.now(), 0ms);
    auto const date = world.date();
    EXPECT_EQ(date, std::chrono::sys_days{std::chrono::year{2026} / 4 / 2});
    world.settle();
    EXPECT_EQ(world.now(), 0ms);
    world.pass(1h);
    EXPECT_EQ(world.now(), 1h);
    EXPECT_EQ(world.date() - date, 1h);
}

TEST(manual_time, stops_at_each_alarm) {
    simulation world;
    std::vector<std::chrono::milliseconds> rung;
    auto ring_after = [&](std::chrono::milliseconds time) -> asio::awaitable<void> {
        co_await world.sleep(time);
        rung.push_back(world.now());
        co_await world.sleep(time);
        rung.push_back(world.now());
    };
    asio::co_spawn(world.context(), ring_after(3s), asio::detached);
    asio::co_spawn(world.context(), ring_after(2s), asio::detached);
    world.pass(5s);
    EXPECT_EQ(rung, (std::vector<std::chrono::milliseconds>{2s, 3s, 4s}));
    world.pass(1s);
    EXPECT_EQ(rung.back(), 6s);
}

TEST(manual_time, passes_until_something_holds) {
    simulation world;
    auto const user = world.make_client();
    world.server().then(answer(an_operation("op_1")).after(17s));
    auto const ended = get(user, "op_1");
    EXPECT_TRUE(world.run_until([&] { return ended->done; }, 1min));
    EXPECT_EQ(world.now(), 17s);
    EXPECT_TRUE(world.run_until([&] { return ended->done; }, 1min)) << "at once";
    EXPECT_EQ(world.now(), 17s);
    EXPECT_FALSE(world.run_until([] { return false; }, 1min));
    EXPECT_EQ(world.now(), 77s);
}

TEST(manual_time, sleeps_no_longer_than_a_cancellation_lets_it) {
    simulation world;
    std::exception_ptr thrown;
    asio::cancellation_signal stop;
    asio::co_spawn(
        world.context(), world.sleep(1h),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e) { thrown = e; }));
    world.pass(1s);
    EXPECT_FALSE(thrown);
    stop.emit(asio::cancellation_type::terminal);
    world.settle();
    ASSERT_TRUE(thrown);
    EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
}

TEST(manual_time, sleeps_beside_a_call) {
    using namespace asio::experimental::awaitable_operators;
    simulation world;
    auto const user = world.make_client();
    std::size_t first = 9;
    auto race = [&]() -> asio::awaitable<void> {
        auto const done = co_await (user.operations().get("op_1") || world.sleep(5s));
        first = done.index();
    };
    asio::co_spawn(world.context(), race(), asio::detached);
    world.pass(5s);
    EXPECT_EQ(first, 1U);
    EXPECT_EQ(world.server().in_flight(), 0U) << "the call that lost is cancelled";
}

TEST(manual_time, is_what_waits_for_hours_take) {
    simulation world;
    auto const user = world.make_client();
    world.server().answer_with([&](seen_request const& asked) {
        auto const end = 24h;
        auto const held = *asked.wait_time();
        if (asked.at + held < end) return still_running("op_1").after(held);
        return succeeded("op_1").after(end - asked.at);
    });
    auto const ended = wait(user, "op_1");
    EXPECT_TRUE(world.run_until([&] { return ended->done; }, 48h));
    EXPECT_EQ(world.now(), 24h);
    EXPECT_EQ(ended->value.operation.status, durable_status::succeeded);
}

TEST(manual_time, runs_on_a_context_that_exists) {
    asio::io_context context;
    simulation world{context, 7};
    EXPECT_EQ(&world.context(), &context);
    EXPECT_EQ(world.seed(), 7U);
    auto const user = world.make_client();
    world.server().then(answer(an_operation("op_1")).after(3s));
    auto const ended = get(user, "op_1");
    world.pass(3s);
    EXPECT_TRUE(ended->done);
}

} // namespace
} // namespace bctrl::testing
