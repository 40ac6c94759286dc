#include "call_result.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>

namespace bctrl::testing {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

TEST(event_log, tells_what_happened_and_when) {
    simulation world;
    auto const user = world.make_client();
    world.server()
        .then(connection_refused().after(250ms))
        .then(still_running("op_1").after(50s))
        .then(silence());
    wait_options options;
    options.within = 90s;
    wait(user, "op_1", options);
    world.pass(20s);
    world.note("twenty seconds have passed");
    auto const first_two = std::string{
        "         0.000 #1 POST /v1/operations/op_1/wait {\"timeoutMs\":50000}\n"
        "         0.250 #1 fault: the connection was refused; nothing was sent\n"};
    EXPECT_EQ(world.log().text().substr(0, first_two.size()), first_two);
    auto const& events = world.log().events();
    ASSERT_GE(events.size(), 4U);
    EXPECT_EQ(events[0].what, event::kind::request);
    EXPECT_EQ(events[1].what, event::kind::fault);
    EXPECT_EQ(events[1].at, 250ms);
    EXPECT_EQ(events[1].request, 1U);
    EXPECT_EQ(events.back().what, event::kind::note);
    EXPECT_EQ(events.back().at, 20s);
}

TEST(event_log, tells_answers_and_stops) {
    simulation world;
    auto const user = world.make_client();
    world.server().then(answer(503, "{}").after(1s)).then(silence());
    get(user, "op_1");
    world.pass(1s);
    asio::cancellation_signal stop;
    user.operations().get("op_2",
                          asio::bind_cancellation_slot(stop.slot(), [](error_code, operation) {}));
    world.pass(3s);
    stop.emit(asio::cancellation_type::total);
    world.settle();
    EXPECT_EQ(world.log().text(),
              "         0.000 #1 GET /v1/operations/op_1\n"
              "         1.000 #1 answered 503\n"
              "         1.000 #2 GET /v1/operations/op_2\n"
              "         4.000 #2 stopped: cancelled\n");
}

TEST(event_log, keeps_as_much_as_it_is_told_to) {
    event_log log;
    for (int n = 0; n < 5; ++n)
        log.add({std::chrono::seconds{n}, event::kind::note, 0, 0, "note " + std::to_string(n)});
    EXPECT_EQ(log.events().size(), 5U);
    log.keep(2);
    EXPECT_EQ(log.forgotten(), 5U);
    for (int n = 5; n < 8; ++n)
        log.add({std::chrono::seconds{n}, event::kind::note, 0, 0, "note " + std::to_string(n)});
    EXPECT_EQ(log.text(),
              "6 events before these\n"
              "         6.000 note 6\n"
              "         7.000 note 7\n");
    log.keep(0);
    log.add({});
    EXPECT_FALSE(log.keeps_any());
    EXPECT_TRUE(log.events().empty());
    EXPECT_EQ(log.forgotten(), 9U);
}

/// An hour in the life of some waits over a bad network.
std::string hour_of_waits(std::uint64_t seed) {
    simulation world{seed};
    auto const user = world.make_client();
    auto const other = world.make_client();
    std::mt19937_64 chance{seed};
    world.server().answer_with([&](seen_request const& asked) {
        switch (chance() % 8) {
            case 0:
                return connection_reset();
            case 1:
                return answer(502, "bad gateway", {{"Content-Type", "text/plain"}});
            case 2:
                return name_not_resolved();
            default:
                return still_running("op").after(asked.wait_time().value_or(0ms));
        }
    });
    for (int n = 0; n < 20; ++n)
        wait(n % 2 == 0 ? user : other, "op_" + std::to_string(n));
    world.pass(1h);
    return world.log().text();
}

TEST(event_log, is_the_same_for_the_same_seed) {
    auto const first = hour_of_waits(1);
    EXPECT_GT(first.size(), 100'000U);
    EXPECT_EQ(first, hour_of_waits(1));
    EXPECT_NE(first, hour_of_waits(2));
}

} // namespace
} // namespace bctrl::testing
