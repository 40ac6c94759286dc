#include "call_result.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

/// Code that is suspended when its world ends, and uses it when it is destroyed.
asio::awaitable<void> suspended(simulation& world, client user, bool asleep) {
    struct last_words {
        simulation& in;
        ~last_words() { in.note("destroyed"); }
    } const words{world};
    if (asleep) co_await world.sleep(1h);
    co_await user.operations().wait("op_1");
}

TEST(ends_of, a_simulation_before_its_clients) {
    auto world = std::make_optional<simulation>();
    auto const user = world->make_client();
    auto const idle = world->make_client();
    auto const held = wait(user, "op_1");
    world->pass(10s);
    world.reset();
    EXPECT_FALSE(held->done) << "its handler is destroyed, not called";
    auto const late = get(user, "op_1");
    EXPECT_FALSE(late->done);
}

TEST(ends_of, a_simulation_before_the_handles_it_gave) {
    auto world = std::make_optional<simulation>();
    auto server = world->server();
    auto path = server.on("/v1/operations/op_1");
    auto const user = world->make_client();
    get(user, "op_1");
    world->settle();
    world.reset();
    path.then(silence());
    EXPECT_EQ(server.count(), 1U);
    EXPECT_EQ(server.unused(), 1U);
    EXPECT_EQ(server.in_flight(), 0U);
}

TEST(ends_of, a_client_before_its_simulation) {
    simulation world;
    auto user = std::make_optional(world.make_client());
    auto const held = wait(*user, "op_1");
    world.pass(10s);
    user.reset();
    world.settle();
    EXPECT_EQ(held->code, errc::client_closed);
    EXPECT_EQ(world.server().in_flight(), 0U);
}

TEST(ends_of, coroutines_with_their_simulation) {
    simulation world;
    for (bool const asleep : {false, true})
        asio::co_spawn(world.context(), suspended(world, world.make_client(), asleep),
                       asio::detached);
    world.pass(10s);
    EXPECT_EQ(world.server().in_flight(), 1U);
}

TEST(ends_of, a_simulation_before_a_context_that_it_was_given) {
    asio::io_context context;
    std::optional<client> user;
    call_result<operation_wait_result> held;
    bool slept = false;
    auto sleep = [&slept](asio::awaitable<void> pause) -> asio::awaitable<void> {
        co_await std::move(pause);
        slept = true;
    };
    {
        simulation world{context};
        user = world.make_client();
        held = wait(*user, "op_1");
        asio::co_spawn(context, sleep(world.sleep(1h)), asio::detached);
        world.pass(10s);
    }
    context.restart();
    context.poll();
    EXPECT_FALSE(held->done || slept) << "time stands still";
    user.reset();
    context.restart();
    context.poll();
    EXPECT_EQ(held->code, errc::client_closed);
}

TEST(ends_of, a_client_in_order) {
    simulation world;
    auto const user = world.make_client();
    auto const held = wait(user, "op_1");
    world.pass(10s);
    std::optional<error_code> closed;
    user.close(5s, [&](error_code code) { closed = code; });
    world.pass(5s - 1ms);
    EXPECT_FALSE(closed);
    world.pass(1ms);
    EXPECT_TRUE(closed && !*closed);
    EXPECT_EQ(held->code, errc::client_closed);
    EXPECT_EQ(user.stats().calls, 0);
    auto const late = get(user, "op_1");
    world.settle();
    EXPECT_EQ(late->code, errc::client_closed);
    EXPECT_EQ(world.server().count(), 1U);
}

} // namespace
} // namespace bctrl::testing
