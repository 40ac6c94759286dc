#include "base/task_scope.hpp"

#include "base/parking.hpp"
#include "support/strand_bench.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::strand_bench;

class scoped : public ::testing::Test {
protected:
    ~scoped() override { scope.destroy_all(); }

    task<> note(std::string text) {
        events.push_back(std::move(text));
        co_return;
    }
    task<> sleep_and_note(milliseconds by, std::string text, std::shared_ptr<int> held = {}) {
        sleep_until rest{bench.runs_on(), bench.time().now() + by, never};
        co_await rest;
        events.push_back(std::move(text) + (held ? "!" : ""));
    }
    task<> nested(int depth, std::shared_ptr<int> held) {
        if (depth > 0)
            co_await nested(depth - 1, held);
        else
            co_await sleep_and_note(1h, "never", held);
    }
    task<> wait_until_idle() {
        parking place{bench.runs_on(), never};
        scope.wake_when_idle(place);
        co_await place;
        events.emplace_back("idle");
    }
    task<int> fail() {
        throw std::runtime_error{"as wanted"};
        co_return 0;
    }
    task<> catch_failure() {
        try {
            co_await fail();
        } catch (std::runtime_error const& e) {
            events.emplace_back(e.what());
        }
    }
    task<> own_the_scope(std::shared_ptr<task_scope> owned) {
        sleep_until rest{bench.runs_on(), bench.time().now() + 1ms, never};
        co_await rest;
        events.push_back(std::to_string(owned->running()));
    }

    using list = std::vector<std::string>;
    list events;
    strand_bench bench;
    stop_signal never;
    task_scope scope{bench.runs_on()};
};

TEST_F(scoped, begin_runs_at_once) {
    scope.begin(note("begun"));
    EXPECT_EQ(events, list{"begun"});
    EXPECT_EQ(scope.running(), 0U);
}

TEST_F(scoped, spawn_runs_in_a_turn_of_its_own) {
    scope.spawn(note("spawned"));
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(scope.running(), 1U);
    bench.settle();
    EXPECT_EQ(events, list{"spawned"});
    EXPECT_EQ(scope.running(), 0U);
}

TEST_F(scoped, tells_when_the_last_one_has_ended) {
    scope.begin(sleep_and_note(10ms, "first"));
    scope.begin(sleep_and_note(20ms, "second"));
    bench.scope().spawn(wait_until_idle());
    bench.settle();
    EXPECT_EQ(scope.running(), 2U);
    bench.pass(10ms);
    EXPECT_EQ(events, list{"first"});
    bench.pass(10ms);
    EXPECT_EQ(events, (list{"first", "second", "idle"}));
}

TEST_F(scoped, forgets_who_no_longer_waits) {
    {
        parking place{bench.runs_on(), never};
        scope.wake_when_idle(place);
        scope.forget(place);
    }
    scope.begin(note("ended"));
    bench.settle();
    EXPECT_EQ(events, list{"ended"});
}

TEST_F(scoped, destroys_suspended_frames_with_all_they_hold) {
    auto const held = std::make_shared<int>(1);
    for (int n = 0; n < 100; ++n)
        scope.begin(nested(20, held));
    scope.spawn(nested(0, held));
    EXPECT_GT(held.use_count(), 100);
    scope.destroy_all();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(scope.running(), 0U);
    bench.pass(2h);
    EXPECT_TRUE(events.empty());
}

TEST_F(scoped, destroys_frames_at_its_own_end) {
    auto const held = std::make_shared<int>(1);
    {
        task_scope brief{bench.runs_on()};
        brief.begin(nested(3, held));
    }
    EXPECT_EQ(held.use_count(), 1);
}

TEST_F(scoped, may_end_with_its_last_frame) {
    auto owned = std::make_shared<task_scope>(bench.runs_on());
    auto& alive = *owned;
    alive.begin(own_the_scope(std::move(owned)));
    bench.pass(1ms);
    EXPECT_EQ(events, list{"1"});
}

TEST_F(scoped, exceptions_reach_who_awaits) {
    scope.begin(catch_failure());
    EXPECT_EQ(events, list{"as wanted"});
}

TEST_F(scoped, a_task_never_awaited_never_runs) {
    { auto const unused = note("never"); }
    EXPECT_TRUE(events.empty());
}

} // namespace
} // namespace bctrl
