#include <bctrl/wait_set.hpp>

#include "unit/api/many_works.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
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
using ::testing::UnorderedElementsAre;

constexpr auto operations = durable_kind::operation;
constexpr auto invocations = durable_kind::invocation;

class wait_sets : public ::testing::Test, protected many_works {
protected:
    /// Takes every ending there is, until the set says that none is to come; from then on `over`.
    void take_all(wait_set const& from) {
        from.next([this, &from](error_code code, std::optional<ended_work> ended) {
            last_code = code;
            if (!ended) {
                over = true;
                return;
            }
            told.push_back(ended->work.id);
            at.push_back(world.now());
            endings.push_back(std::move(*ended));
            take_all(from);
        });
    }

    std::vector<work_id> close(wait_set const& set) {
        std::optional<std::vector<work_id>> open;
        set.close([&](error_code code, std::vector<work_id> left) {
            EXPECT_FALSE(code);
            open = std::move(left);
        });
        world.settle();
        EXPECT_TRUE(open.has_value());
        return open.value_or(std::vector<work_id>{});
    }

    std::vector<std::string> told;
    std::vector<milliseconds> at;
    std::vector<ended_work> endings;
    bool over = false;
    error_code last_code;
};

TEST_F(wait_sets, tell_each_ending_as_it_comes) {
    ends = {{"slow", 90s}, {"quick", 2s}, {"inv", 30s}};
    wait_set set{user};
    set.add({operations, "slow"}, "the slow one");
    set.add({invocations, "inv"});
    set.add({operations, "quick"});
    take_all(set);
    world.pass(1h);
    EXPECT_THAT(told, ElementsAre("quick", "inv", "slow"));
    EXPECT_THAT(at, ElementsAre(2s, 30s, 90s));
    EXPECT_TRUE(over);
    EXPECT_FALSE(last_code);
    ASSERT_EQ(endings.size(), 3U);
    EXPECT_TRUE(endings[0].succeeded());
    ASSERT_TRUE(endings[1].invocation());
    EXPECT_FALSE(endings[1].operation());
    EXPECT_EQ(endings[1].invocation()->id, "inv");
    ASSERT_TRUE(endings[2].operation());
    EXPECT_EQ(endings[2].operation()->id, "slow");
    EXPECT_EQ(endings[2].note, "the slow one");
    EXPECT_EQ(endings[2].work, (work_id{operations, "slow"}));
}

TEST_F(wait_sets, go_on_when_one_wait_fails) {
    ends = {{"good", 5s}};
    wait_set set{user};
    set.add(works_of(operations, std::vector<std::string>{"unknown", "", "good"}));
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, UnorderedElementsAre("unknown", "", "good"));
    for (auto const& each : endings) {
        EXPECT_EQ(each.succeeded(), each.work.id == "good");
        if (each.work.id == "unknown") {
            EXPECT_EQ(each.error, errc::not_found);
            ASSERT_TRUE(each.details);
            EXPECT_EQ(each.details->code, "operation.not_found");
            EXPECT_EQ(each.status(), durable_status::unknown);
        }
        if (each.work.id.empty()) {
            EXPECT_EQ(each.error, errc::invalid_argument);
        }
    }
    EXPECT_TRUE(over);
}

TEST_F(wait_sets, hold_each_work_once) {
    ends = {{"a", 5s}};
    wait_set set{user};
    set.add({operations, "a"});
    set.add({operations, "a"});
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("a"));
    EXPECT_EQ(world.server().count(), 1U);
    set.add({operations, "a"});
    over = false;
    take_all(set);
    world.pass(1s);
    EXPECT_THAT(told, ElementsAre("a", "a")) << "taken, it may be added again";
}

TEST_F(wait_sets, know_operations_from_invocations_of_the_same_id) {
    ends = {{"a", 5s}};
    wait_set set{user};
    set.add({operations, "a"});
    set.add({invocations, "a"});
    take_all(set);
    world.pass(1min);
    ASSERT_EQ(endings.size(), 2U);
    EXPECT_NE(endings[0].work.kind, endings[1].work.kind);
}

TEST_F(wait_sets, wait_for_so_many_at_a_time) {
    wait_set set{user, {.in_flight = 2}};
    for (int n = 0; n < 5; ++n) {
        auto const id = std::to_string(n);
        ends[id] = 10s * (n + 1);
        set.add({operations, id});
    }
    take_all(set);
    world.settle();
    EXPECT_EQ(world.server().in_flight(), 2U);
    EXPECT_EQ(set.counts().queued, 3U);
    EXPECT_EQ(set.counts().waited, 2U);
    world.pass(10s);
    EXPECT_THAT(told, ElementsAre("0"));
    EXPECT_EQ(world.server().in_flight(), 2U);
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("0", "1", "2", "3", "4"));
}

TEST_F(wait_sets, begin_no_wait_as_long_as_nobody_takes_endings) {
    wait_set set{user, {.in_flight = 1, .most_untaken = 3}};
    for (int n = 0; n < 10; ++n) {
        ends[std::to_string(n)] = 0s;
        set.add({operations, std::to_string(n)});
    }
    world.pass(1min);
    EXPECT_EQ(set.counts().untaken, 3U);
    EXPECT_EQ(set.counts().queued, 7U);
    EXPECT_EQ(world.server().count(), 3U);
    take_all(set);
    world.pass(1min);
    EXPECT_EQ(told.size(), 10U);
}

TEST_F(wait_sets, forget_what_is_removed) {
    ends = {{"waited", 10s}, {"untaken", 1s}, {"queued", 10s}, {"kept", 20s}};
    wait_set set{user, {.in_flight = 3}};
    set.add(works_of(operations, std::vector<std::string>{"waited", "untaken", "kept"}));
    world.pass(1s);
    EXPECT_EQ(set.counts().untaken, 1U);
    set.add({operations, "more"});
    ends["more"] = 30s;
    set.add({operations, "queued"});
    for (auto const* each : {"waited", "untaken", "queued", "never there"})
        set.remove({operations, each});
    world.settle();
    EXPECT_EQ(world.server().in_flight(), 2U) << "kept and more";
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("kept", "more"));
    EXPECT_TRUE(over);
}

TEST_F(wait_sets, take_back_what_was_just_removed) {
    ends = {{"a", 10s}};
    wait_set set{user};
    set.add({operations, "a"}, "first");
    world.settle();
    set.remove({operations, "a"});
    set.add({operations, "a"}, "second");
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("a"));
    ASSERT_EQ(endings.size(), 1U);
    EXPECT_EQ(endings[0].note, "second");
}

TEST_F(wait_sets, end_who_waits_when_the_last_work_is_removed) {
    ends = {{"a", 1h}};
    wait_set set{user};
    set.add({operations, "a"});
    take_all(set);
    world.pass(1s);
    EXPECT_FALSE(over);
    set.remove({operations, "a"});
    world.settle();
    EXPECT_TRUE(over);
    EXPECT_EQ(world.server().in_flight(), 0U);
}

TEST_F(wait_sets, stay_open_if_told_to) {
    ends = {{"a", 1s}, {"b", 5s}};
    wait_set set{user, {.stays_open = true}};
    take_all(set);
    world.settle();
    EXPECT_FALSE(over);
    set.add({operations, "a"});
    world.pass(2s);
    EXPECT_THAT(told, ElementsAre("a"));
    EXPECT_FALSE(over);
    set.add({operations, "b"});
    world.pass(10s);
    EXPECT_THAT(told, ElementsAre("a", "b"));
    EXPECT_THAT(close(set), IsEmpty());
    EXPECT_TRUE(over);
}

TEST_F(wait_sets, lose_nothing_when_next_is_cancelled) {
    ends = {{"a", 10s}, {"b", 20s}};
    wait_set set{user};
    set.add(works_of(operations, std::vector<std::string>{"a", "b"}));
    asio::cancellation_signal cancels;
    std::vector<error_code> ended_with;
    set.next(asio::bind_cancellation_slot(cancels.slot(),
                                          [&](error_code code, std::optional<ended_work> ended) {
                                              ended_with.push_back(code);
                                              EXPECT_FALSE(ended);
                                          }));
    world.pass(1s);
    cancels.emit(asio::cancellation_type::total);
    world.settle();
    EXPECT_THAT(ended_with, ElementsAre(asio::error::operation_aborted));
    EXPECT_EQ(world.server().in_flight(), 2U) << "the waits go on";
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("a", "b"));
}

TEST_F(wait_sets, give_an_ending_to_another_if_the_first_was_cancelled_meanwhile) {
    ends = {{"a", 10s}};
    wait_set set{user};
    set.add({operations, "a"});
    asio::cancellation_signal cancels;
    std::size_t given = 0;
    auto const count = [&](error_code, std::optional<ended_work> ended) { given += ended ? 1 : 0; };
    set.next(asio::bind_cancellation_slot(cancels.slot(), count));
    set.next(count);
    world.pass(10s - 1ms);
    cancels.emit(asio::cancellation_type::total);
    world.pass(1min);
    EXPECT_EQ(given, 1U);
}

TEST_F(wait_sets, tell_several_who_wait) {
    ends = {{"a", 10s}, {"b", 10s}};
    wait_set set{user};
    set.add(works_of(operations, std::vector<std::string>{"a", "b"}));
    take_all(set);
    take_all(set);
    take_all(set);
    world.pass(1min);
    EXPECT_THAT(told, UnorderedElementsAre("a", "b"));
    EXPECT_TRUE(over);
    EXPECT_EQ(user.stats().calls, 0U) << "all three were told that nothing is to come";
}

TEST_F(wait_sets, give_back_what_is_open_when_they_close) {
    ends = {{"taken", 1s}, {"untaken", 2s}, {"waited", 1h}, {"queued", 1h}};
    wait_set set{user, {.in_flight = 2}};
    set.add(works_of(operations, std::vector<std::string>{"taken", "untaken", "waited", "queued"}));
    set.next([&](error_code, std::optional<ended_work> ended) { told.push_back(ended->work.id); });
    world.pass(3s);
    EXPECT_THAT(told, ElementsAre("taken"));
    EXPECT_THAT(ids_of(close(set)), UnorderedElementsAre("untaken", "waited", "queued"));
    EXPECT_EQ(world.server().in_flight(), 0U);
    take_all(set);
    set.add({operations, "late"});
    world.pass(1min);
    EXPECT_TRUE(over);
    EXPECT_THAT(told, ElementsAre("taken"));
    EXPECT_THAT(close(set), IsEmpty());
}

TEST_F(wait_sets, leave_no_poll_behind_when_destroyed) {
    ends = {{"a", 1h}, {"b", 1h}};
    std::optional<wait_set> set{std::in_place, user};
    set->add(works_of(operations, std::vector<std::string>{"a", "b"}));
    world.settle();
    EXPECT_EQ(world.server().in_flight(), 2U);
    wait_set moved = std::move(*set);
    set.reset();
    world.settle();
    EXPECT_EQ(world.server().in_flight(), 2U) << "it was moved away";
    moved = wait_set{user};
    world.settle();
    EXPECT_EQ(world.server().in_flight(), 0U);
    EXPECT_EQ(user.stats().calls, 0U);
}

TEST_F(wait_sets, keep_what_is_open_when_the_client_closes) {
    ends = {{"a", 1h}, {"b", 1s}};
    wait_set set{user};
    set.add(works_of(operations, std::vector<std::string>{"a", "b"}));
    world.pass(2s);
    user.abandon();
    world.settle();
    take_all(set);
    world.settle();
    EXPECT_TRUE(over);
    EXPECT_EQ(last_code, errc::client_closed);
    EXPECT_THAT(ids_of(close(set)), UnorderedElementsAre("a", "b"));
}

TEST_F(wait_sets, give_each_so_much_time) {
    ends = {{"a", 1h}};
    wait_set set{user, {.within = 30s}};
    set.add({operations, "a"});
    take_all(set);
    world.pass(1min);
    ASSERT_EQ(endings.size(), 1U);
    EXPECT_TRUE(endings[0].timed_out_waiting);
    EXPECT_EQ(endings[0].status(), durable_status::running);
    EXPECT_EQ(at[0], 30s);
}

TEST_F(wait_sets, survive_an_outage) {
    ends = {{"a", 10s}};
    wait_set set{user};
    set.add({operations, "a"});
    world.server().then(testing::connection_reset(), 4);
    take_all(set);
    world.pass(2min);
    EXPECT_THAT(told, ElementsAre("a"));
    EXPECT_TRUE(endings[0].succeeded());
}

TEST_F(wait_sets, may_end_with_their_context) {
    ends = {{"a", 1h}};
    std::optional<wait_set> outlives;
    {
        testing::simulation other;
        auto with = other.make_client();
        outlives.emplace(with);
        outlives->add({operations, "a"});
        outlives->next([](error_code, std::optional<ended_work>) { FAIL() << "nobody is told"; });
        other.settle();
    }
    outlives->add({operations, "b"});
    outlives->remove({operations, "a"});
    outlives.reset();
}

asio::awaitable<void> loop_over(wait_set& set, std::vector<std::string>& told) {
    while (auto ended = co_await set.next())
        told.push_back(ended->work.id);
}

TEST_F(wait_sets, are_read_in_a_loop) {
    ends = {{"a", 10s}, {"b", 5s}};
    wait_set set{user};
    set.add(works_of(operations, std::vector<std::string>{"a", "b"}));
    asio::co_spawn(world.context(), loop_over(set, told), [&](std::exception_ptr failed) {
        EXPECT_FALSE(failed);
        over = true;
    });
    world.pass(1min);
    EXPECT_THAT(told, ElementsAre("b", "a"));
    EXPECT_TRUE(over);
}

TEST_F(wait_sets, tell_each_of_many_once_whatever_comes_and_goes) {
    std::mt19937 random{11}; // NOLINT(cert-msc51-cpp): the same course every time
    constexpr int many = 2'000;
    wait_set set{user, {.in_flight = 500, .stays_open = true}};
    std::map<std::string, int> added;
    for (int n = 0; n < many; ++n) {
        auto const id = std::to_string(n);
        ends[id] = milliseconds{random() % 20'000};
        ++added[id];
        set.add({operations, id});
    }
    take_all(set);
    for (int step = 0; step < 200; ++step) {
        world.pass(50ms);
        for (int n = 0; n < 10; ++n) {
            auto const id = std::to_string(random() % many);
            if (std::find(told.begin(), told.end(), id) != told.end()) continue;
            set.remove({operations, id});
            set.add({operations, id});
        }
    }
    world.pass(5min);
    EXPECT_EQ(told.size(), std::size_t{many});
    std::sort(told.begin(), told.end());
    EXPECT_EQ(std::unique(told.begin(), told.end()), told.end()) << "each once";
    for (auto const& each : endings)
        EXPECT_TRUE(each.succeeded()) << each.work.id;
    auto const left = set.counts();
    EXPECT_EQ(left.queued + left.waited + left.untaken, 0U);
}

} // namespace
} // namespace bctrl
