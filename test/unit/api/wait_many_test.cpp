#include <bctrl/wait_many.hpp>

#include "unit/api/many_works.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class waits_for_many : public ::testing::Test, protected many_works {
protected:
    static std::vector<work_id> works(std::vector<std::string> const& ids) {
        return works_of(durable_kind::operation, ids);
    }

    /// 0 ends after 1 s, 1 after 2 s, and so on.
    std::vector<work_id> works(int count) {
        std::vector<std::string> ids;
        for (int n = 0; n < count; ++n) {
            ids.push_back(std::to_string(n));
            ends[ids.back()] = 1s * (n + 1);
        }
        return works(ids);
    }

    auto keep() {
        return [this](error_code code, waited_works some) {
            ended_with = code;
            ended_at = world.now();
            made = std::move(some);
        };
    }

    /// No wait and no poll is left, here or on the server.
    void expect_nothing_left() {
        world.settle();
        EXPECT_EQ(world.server().in_flight(), 0U);
        EXPECT_EQ(user.stats().calls, 0U);
    }

    std::optional<error_code> ended_with;
    std::chrono::milliseconds ended_at{};
    waited_works made;
};

TEST_F(waits_for_many, end_with_the_first) {
    wait_any(user, works(1'000), keep());
    world.settle();
    EXPECT_EQ(user.stats().calls, 1'001U);
    world.pass(1s);
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_FALSE(*ended_with);
    EXPECT_THAT(ids_of(made.ended), ElementsAre("0"));
    EXPECT_TRUE(made.ended[0].succeeded());
    EXPECT_THAT(made.open, SizeIs(999));
    expect_nothing_left();
    EXPECT_THAT(cancelled, IsEmpty()) << "the others go on";
}

TEST_F(waits_for_many, end_with_the_first_few) {
    wait_some(user, 10, works(100), keep());
    world.pass(1min);
    EXPECT_EQ(ended_at, 10s);
    EXPECT_THAT(ids_of(made.ended), ElementsAre("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"));
    EXPECT_THAT(made.open, SizeIs(90));
    expect_nothing_left();
}

TEST_F(waits_for_many, give_no_more_than_were_asked_for) {
    ends = {{"a", 5s}, {"b", 5s}, {"c", 5s}};
    wait_some(user, 2, works({"a", "b", "c"}), keep());
    world.pass(1min);
    EXPECT_THAT(made.ended, SizeIs(2));
    EXPECT_THAT(made.open, SizeIs(1)) << "it may have ended too, but was not asked for";
    expect_nothing_left();
}

TEST_F(waits_for_many, end_with_the_last) {
    wait_all(user, works(30), keep());
    world.pass(30s - 1ms);
    EXPECT_FALSE(ended_with.has_value());
    world.pass(1ms);
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_THAT(made.ended, SizeIs(30));
    EXPECT_THAT(made.open, IsEmpty());
    expect_nothing_left();
}

TEST_F(waits_for_many, count_a_failed_wait_as_an_ending) {
    ends = {{"known", 5s}};
    wait_all(user, works({"unknown", "known"}), keep());
    world.pass(1min);
    ASSERT_THAT(ids_of(made.ended), ElementsAre("unknown", "known"));
    EXPECT_EQ(made.ended[0].error, errc::not_found);
    EXPECT_FALSE(made.ended[1].error);
}

TEST_F(waits_for_many, count_a_work_once) {
    ends = {{"a", 5s}, {"b", 1h}};
    wait_some(user, 2, works({"a", "a", "b"}), {.within = 1min}, keep());
    world.pass(2min);
    EXPECT_THAT(ids_of(made.ended), ElementsAre("a"));
    EXPECT_THAT(ids_of(made.open), ElementsAre("b"));
}

TEST_F(waits_for_many, end_at_once_if_nothing_is_wanted) {
    wait_all(user, {}, keep());
    world.settle();
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_THAT(made.ended, IsEmpty());
    ended_with.reset();
    wait_some(user, 0, works({"a", "b"}), keep());
    world.settle();
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_THAT(ids_of(made.open), ElementsAre("a", "b"));
    EXPECT_EQ(world.server().count(), 0U);
}

TEST_F(waits_for_many, end_in_time_with_what_there_is) {
    wait_all(user, works(20), {.within = 10'500ms, .on_abandon = abandonment::cancel_remote},
             keep());
    world.pass(1min);
    EXPECT_EQ(*ended_with, error_code{});
    EXPECT_EQ(ended_at, 10'500ms);
    EXPECT_THAT(made.ended, SizeIs(10));
    EXPECT_THAT(made.open, SizeIs(10));
    EXPECT_THAT(cancelled, IsEmpty()) << "that time ran out here says nothing about the work";
    expect_nothing_left();
}

TEST_F(waits_for_many, cancel_the_losers_if_asked_to) {
    ends = {{"a", 5s}, {"b", 1h}, {"c", 2h}};
    wait_any(user, works({"a", "b", "c"}), {.on_abandon = abandonment::cancel_remote}, keep());
    world.pass(1min);
    EXPECT_THAT(ids_of(made.ended), ElementsAre("a"));
    EXPECT_THAT(cancelled, UnorderedElementsAre("b", "c"));
    expect_nothing_left();
}

TEST_F(waits_for_many, leave_losers_to_those_who_wait_for_them_too) {
    ends = {{"a", 5s}, {"b", 1h}, {"c", 2h}};
    bool other_ended = false;
    user.operations().wait("b", [&](error_code, operation_wait_result) { other_ended = true; });
    wait_any(user, works({"a", "b", "c"}), {.on_abandon = abandonment::cancel_if_last}, keep());
    world.pass(1min);
    EXPECT_THAT(cancelled, ElementsAre("c"));
    EXPECT_FALSE(other_ended);
    EXPECT_EQ(world.server().in_flight(), 1U);
}

TEST_F(waits_for_many, end_with_all_their_waits_when_cancelled) {
    asio::cancellation_signal cancels;
    error_details why;
    wait_all(user, works(100), {.on_abandon = abandonment::cancel_remote, .details = &why},
             asio::bind_cancellation_slot(cancels.slot(), keep()));
    world.pass(10s);
    cancels.emit(asio::cancellation_type::total);
    world.settle();
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_EQ(*ended_with, asio::error::operation_aborted);
    EXPECT_EQ(why.call, "wait_some");
    expect_nothing_left();
    EXPECT_THAT(cancelled, SizeIs(90));
}

TEST_F(waits_for_many, end_with_their_client) {
    wait_all(user, works(100), {.on_abandon = abandonment::cancel_remote}, keep());
    world.pass(10s);
    user.abandon();
    world.settle();
    ASSERT_TRUE(ended_with.has_value());
    EXPECT_EQ(*ended_with, errc::client_closed);
    expect_nothing_left();
    EXPECT_THAT(cancelled, IsEmpty());
    wait_all(user, works(1), keep());
    world.settle();
    EXPECT_EQ(*ended_with, errc::client_closed);
}

TEST_F(waits_for_many, may_vanish_with_their_context) {
    {
        testing::simulation short_lived;
        auto of_it = short_lived.make_client();
        wait_all(of_it, works(10), [](error_code, waited_works) { FAIL() << "nobody is told"; });
        short_lived.settle();
    }
}

asio::awaitable<std::string> first_of(client& user, std::vector<work_id> works) {
    auto const made = co_await wait_any(user, std::move(works));
    co_return made.ended.at(0).work.id;
}

TEST_F(waits_for_many, are_awaited) {
    std::string first;
    asio::co_spawn(world.context(), first_of(user, works(3)),
                   [&](std::exception_ptr failed, std::string id) {
                       EXPECT_FALSE(failed);
                       first = std::move(id);
                   });
    world.pass(1min);
    EXPECT_EQ(first, "0");
}

} // namespace
} // namespace bctrl
