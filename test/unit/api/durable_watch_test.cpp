#include <bctrl/durable_watch.hpp>

#include <bctrl/testing/replies.hpp>
#include <bctrl/testing/simulation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto end_of_work = 3s;
constexpr auto length_of_step = 300ms;

/// The work makes a step every 300 ms, and ends after ten of them.
class watches : public ::testing::Test {
protected:
    watches() {
        world.server().answer_with([this](testing::seen_request const& asked) {
            if (asked.path().ends_with("/wait") && !has_long_poll)
                return std::optional{testing::refusal(405, "no such method")};
            return std::optional{state_for(asked)};
        });
    }

    testing::reply state_for(testing::seen_request const& asked) const {
        auto const held = holds ? asked.wait_time().value_or(0ms) : 0ms;
        auto const then = std::min(asked.at + held, std::max<milliseconds>(end_of_work, asked.at));
        auto const ended = then >= end_of_work;
        auto const status = ended ? durable_status::succeeded : durable_status::running;
        progress made;
        made.step = std::min<std::int64_t>(then / length_of_step, 10);
        made.message = "step " + std::to_string(*made.step);
        if (asked.path().find("/invocations/") != std::string_view::npos) {
            auto seen = testing::an_invocation("inv_1", status);
            seen.progress = made;
            return testing::wait_answer(seen).after(then - asked.at);
        }
        auto seen = testing::an_operation("op_1", status);
        seen.progress = made;
        if (then >= cancel_requested) seen.cancel_requested_at = timestamp{"2026-04-02T00:00:01Z"};
        // What a watch does not tell of.
        seen.last_heartbeat_at = timestamp{std::to_string(then.count())};
        auto told =
            asked.path().ends_with("/wait") ? testing::wait_answer(seen) : testing::answer(seen);
        return told.after(then - asked.at);
    }

    /// Reads the next change, and all that follow if `on`.
    template <class Watch>
    void read(Watch& from, bool on) {
        from.next([this, &from, on](error_code code, auto seen) {
            last_code = code;
            ++completions;
            if (!seen) return;
            steps.push_back(seen->progress->step.value_or(-1));
            at.push_back(world.now());
            statuses.push_back(seen->status);
            if (on) read(from, on);
        });
    }

    std::vector<milliseconds> times_of_requests() {
        std::vector<milliseconds> times;
        for (auto const& each : world.server().requests())
            times.push_back(each.at);
        return times;
    }

    testing::simulation world;
    client user = world.make_client();
    bool has_long_poll = true;
    bool holds = true;
    milliseconds cancel_requested = milliseconds::max();
    std::vector<std::int64_t> steps;
    std::vector<milliseconds> at;
    std::vector<durable_status> statuses;
    error_code last_code;
    int completions = 0;
};

TEST_F(watches, tell_each_change_once_until_the_end) {
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    read(watch, true);
    world.pass(1min);
    EXPECT_THAT(steps, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    EXPECT_FALSE(last_code);
    EXPECT_EQ(completions, 12) << "eleven states, then nothing";
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
    EXPECT_EQ(std::count(statuses.begin(), statuses.end(), durable_status::succeeded), 1);
    for (std::size_t n = 1; n < at.size(); ++n)
        EXPECT_LE(at[n] - length_of_step * steps[n], 102ms) << "step " << n;
    auto const asked = world.server().count();
    read(watch, true);
    world.pass(1min);
    EXPECT_EQ(completions, 13);
    EXPECT_EQ(world.server().count(), asked) << "what has ended is not asked for again";
}

TEST_F(watches, tell_the_end_when_it_comes) {
    auto watch = user.operations().watch("op_1", {.interval = 2s});
    read(watch, true);
    world.pass(1min);
    EXPECT_EQ(at.back(), end_of_work) << "not at the end of the interval";
}

TEST_F(watches, begin_with_the_state_as_it_is) {
    auto watch = user.operations().watch("op_1", {.interval = 10s});
    world.pass(1s);
    EXPECT_EQ(world.server().count(), 0U) << "nobody has asked";
    read(watch, false);
    world.pass(1ms);
    EXPECT_THAT(steps, ElementsAre(3));
}

TEST_F(watches, keep_their_interval) {
    auto watch = user.operations().watch("op_1", {.interval = 500ms});
    read(watch, true);
    world.pass(1min);
    auto const times = times_of_requests();
    ASSERT_GE(times.size(), 6U);
    // The first only asks how things stand.
    for (std::size_t n = 2; n < times.size(); ++n)
        EXPECT_EQ(times[n] - times[n - 1], 500ms);
}

TEST_F(watches, ask_nothing_while_nobody_reads) {
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    read(watch, false);
    world.pass(2s);
    EXPECT_EQ(world.server().count(), 1U);
    EXPECT_EQ(world.server().in_flight(), 0U);
    EXPECT_THAT(steps, ElementsAre(0));
}

TEST_F(watches, show_a_slow_reader_the_latest_and_the_end) {
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    read(watch, false);
    world.pass(1s);
    read(watch, false);
    world.pass(1s);
    read(watch, false);
    world.pass(1h);
    read(watch, false);
    world.pass(1s);
    EXPECT_EQ(steps.back(), 10);
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
    EXPECT_THAT(steps, ElementsAre(0, 3, 7, 10));
}

TEST_F(watches, do_not_hammer_a_server_that_answers_at_once) {
    holds = false;
    auto watch = user.operations().watch("op_1", {.interval = 300ms});
    read(watch, true);
    world.pass(1min);
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
    auto const times = times_of_requests();
    for (std::size_t n = 2; n < times.size(); ++n)
        EXPECT_GE(times[n] - times[n - 1], 300ms);
    EXPECT_LE(times.size(), 12U);
}

TEST_F(watches, read_the_state_where_there_is_no_long_poll) {
    has_long_poll = false;
    auto watch = user.operations().watch("op_1", {.interval = 200ms});
    read(watch, true);
    world.pass(1min);
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
    EXPECT_GE(steps.size(), 10U);
    auto const& asked = world.server().requests();
    EXPECT_EQ(std::count_if(asked.begin(), asked.end(),
                            [](auto const& each) { return each.method == "POST"; }),
              1);
    for (std::size_t n = 3; n < asked.size(); ++n)
        EXPECT_GE(asked[n].at - asked[n - 1].at, 200ms);
}

TEST_F(watches, go_through_passing_faults) {
    world.server().then(testing::connection_reset(), 3);
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    read(watch, true);
    world.pass(1min);
    EXPECT_FALSE(last_code);
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
}

TEST_F(watches, can_be_asked_again_after_an_error) {
    world.server().then(testing::refusal(404, "no such operation", "operation.not_found"));
    auto watch = user.operations().watch("op_1");
    read(watch, true);
    world.settle();
    EXPECT_EQ(last_code, errc::not_found);
    read(watch, false);
    world.pass(1s);
    EXPECT_FALSE(last_code);
    EXPECT_EQ(steps.size(), 1U);
}

TEST_F(watches, lose_nothing_when_cancelled) {
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    read(watch, false);
    world.pass(50ms);
    asio::cancellation_signal cancels;
    std::optional<error_code> ended_with;
    watch.next(asio::bind_cancellation_slot(
        cancels.slot(),
        [&](error_code code, std::optional<operation> const&) { ended_with = code; }));
    world.pass(50ms);
    cancels.emit(asio::cancellation_type::total);
    world.settle();
    EXPECT_EQ(ended_with, error_code{asio::error::operation_aborted});
    EXPECT_EQ(world.server().in_flight(), 0U);
    world.pass(300ms);
    read(watch, true);
    world.pass(1min);
    EXPECT_EQ(steps[1], 1);
    EXPECT_EQ(statuses.back(), durable_status::succeeded);
}

TEST_F(watches, tell_that_a_cancel_was_requested) {
    cancel_requested = 1'000ms;
    auto watch = user.operations().watch("op_1", {.interval = 100ms});
    std::vector<bool> requested;
    std::function<void()> go_on = [&] {
        watch.next([&](error_code, std::optional<operation> seen) {
            if (!seen) return;
            requested.push_back(seen->cancel_requested_at.has_value());
            steps.push_back(*seen->progress->step);
            go_on();
        });
    };
    go_on();
    world.pass(1min);
    ASSERT_EQ(requested.size(), 12U);
    EXPECT_THAT(std::vector(steps.begin(), steps.begin() + 6), ElementsAre(0, 1, 2, 3, 3, 4));
    EXPECT_FALSE(requested[3]);
    EXPECT_TRUE(requested[4]);
}

TEST_F(watches, watch_invocations_too) {
    auto watch = user.invocations().watch("inv_1", {.interval = 100ms});
    read(watch, true);
    world.pass(1min);
    EXPECT_THAT(steps, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_F(watches, refuse_what_cannot_be_watched) {
    auto nameless = user.operations().watch("");
    read(nameless, true);
    world.settle();
    EXPECT_EQ(last_code, errc::invalid_argument);
    for (auto const wrong : {0ms, -1ms}) {
        last_code = {};
        auto watch = user.operations().watch("op_1", {.interval = wrong});
        read(watch, true);
        world.settle();
        EXPECT_EQ(last_code, errc::invalid_argument);
    }
    EXPECT_EQ(world.server().count(), 0U);
}

TEST_F(watches, end_with_their_client) {
    error_details why;
    auto watch = user.operations().watch("op_1", {.interval = 10s, .details = &why});
    read(watch, true);
    world.pass(100ms);
    user.abandon();
    world.settle();
    EXPECT_EQ(last_code, errc::client_closed);
    EXPECT_EQ(why.resource_id, "op_1");
    EXPECT_EQ(user.stats().calls, 0U);
}

TEST_F(watches, share_the_connections_with_waits) {
    auto config = testing::config_of_nowhere();
    config.limits.wait_connections = 2;
    config.http = http_version::http1;
    auto crowded = world.make_client(config);
    int ended = 0;
    std::vector<operation_watch> all;
    for (int n = 0; n < 10; ++n)
        all.push_back(crowded.operations().watch("op_" + std::to_string(n), {.interval = 100ms}));
    std::function<void(operation_watch&)> go_on = [&](operation_watch& watch) {
        watch.next([&](error_code code, std::optional<operation> seen) {
            EXPECT_FALSE(code);
            if (!seen) ++ended;
            if (seen) go_on(watch);
        });
    };
    for (auto& each : all)
        go_on(each);
    bool waited = false;
    crowded.operations().wait("op_0", [&](error_code code, operation_wait_result const& seen) {
        EXPECT_FALSE(code);
        waited = is_terminal(seen.operation.status);
    });
    world.pass(2min);
    EXPECT_EQ(ended, 10);
    EXPECT_TRUE(waited);
}

asio::awaitable<void> loop_over(operation_watch& watch, std::vector<std::string>& told) {
    while (auto const seen = co_await watch.next())
        told.emplace_back(seen->progress->message.value_or(""));
}

TEST_F(watches, are_read_in_a_loop) {
    auto watch = user.operations().watch("op_1", {.interval = 1s});
    std::vector<std::string> told;
    bool over = false;
    asio::co_spawn(world.context(), loop_over(watch, told), [&](std::exception_ptr failed) {
        EXPECT_FALSE(failed);
        over = true;
    });
    world.pass(1min);
    EXPECT_TRUE(over);
    EXPECT_THAT(told, ElementsAre("step 0", "step 3", "step 6", "step 10"));
}

} // namespace
} // namespace bctrl
