#include "base/notification.hpp"

#include "support/strand_bench.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace bctrl {
namespace {

class notifications : public ::testing::Test {
protected:
    task<bool> all_come() {
        notifications_come last{bench.runs_on()};
        co_await last;
        co_return true;
    }
    std::int64_t owed() const { return bench.live().watches; }

    testing::strand_bench bench;
};

TEST_F(notifications, are_not_waited_for_if_none_is_owed) {
    EXPECT_TRUE(*bench.start(all_come()));
}

TEST_F(notifications, are_waited_for_until_the_last_one_comes) {
    notification first{bench.runs_on()};
    notification second{bench.runs_on()};
    EXPECT_EQ(owed(), 2);
    auto const one = bench.start(all_come());
    auto const other = bench.start(all_come());
    second.came();
    bench.settle();
    EXPECT_FALSE(*one || *other);
    first.came();
    EXPECT_FALSE(*one) << "it goes on in a turn of its own";
    bench.settle();
    EXPECT_TRUE(*one && *other);
    EXPECT_EQ(owed(), 0);
}

TEST_F(notifications, are_counted_wherever_they_are_moved_to) {
    std::optional<notification> moved;
    {
        notification first{bench.runs_on()};
        moved.emplace(std::move(first));
    }
    EXPECT_EQ(owed(), 1);
    moved->came();
    EXPECT_EQ(owed(), 0);
    moved.reset();
    EXPECT_EQ(owed(), 0);
}

TEST_F(notifications, are_not_owed_any_more_when_they_are_destroyed) {
    std::optional<notification> never{std::in_place, bench.runs_on()};
    never.reset();
    EXPECT_EQ(owed(), 0);
}

TEST_F(notifications, may_be_waited_for_by_what_is_destroyed) {
    notification late{bench.runs_on()};
    auto const ended = bench.start(all_come());
    bench.scope().destroy_all();
    late.came();
    bench.settle();
    EXPECT_FALSE(*ended);
}

} // namespace
} // namespace bctrl
