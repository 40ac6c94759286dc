#include "base/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time somewhen{1'000h};

TEST(later, adds) {
    EXPECT_EQ(later(somewhen, 5ms), somewhen + 5ms);
    EXPECT_EQ(later(somewhen, 0ms), somewhen);
}

TEST(later, ends_with_time_itself) {
    EXPECT_EQ(later(somewhen, milliseconds::max()), steady_time::max());
    EXPECT_EQ(later(steady_time::max(), 1ms), steady_time::max());
    auto const room = std::chrono::floor<milliseconds>(steady_time::max() - somewhen);
    EXPECT_EQ(later(somewhen, room), steady_time::max());
    EXPECT_EQ(later(somewhen, room - 1ms), somewhen + (room - 1ms));
}

TEST(later, takes_a_negative_time_for_none) {
    EXPECT_EQ(later(somewhen, -1ms), somewhen);
    EXPECT_EQ(later(somewhen, milliseconds::min()), somewhen);
}

/// The alarm of the machine, set for the past: rings without any time passing.
class machine_alarm : public ::testing::Test {
protected:
    std::shared_ptr<clock> machine = real_clock();
    boost::asio::io_context context;
    int rung = 0;
    std::unique_ptr<alarm> made =
        machine->make_alarm(strand{context.get_executor()}, [this] { ++rung; });
};

TEST_F(machine_alarm, rings_on_its_strand_and_once) {
    made->set(machine->now());
    EXPECT_EQ(rung, 0);
    context.run();
    EXPECT_EQ(rung, 1);
}

TEST_F(machine_alarm, is_replaced_by_a_later_setting) {
    made->set(machine->now() + 1h);
    made->set(machine->now());
    context.run();
    EXPECT_EQ(rung, 1);
}

TEST_F(machine_alarm, is_silent_and_no_work_when_cleared) {
    made->set(machine->now() + 1h);
    made->clear();
    context.run();
    EXPECT_EQ(rung, 0);
}

TEST_F(machine_alarm, is_silent_when_destroyed_though_it_was_due) {
    made->set(machine->now());
    made.reset();
    context.run();
    EXPECT_EQ(rung, 0);
}

TEST(real_clock, is_one_and_does_not_go_back) {
    EXPECT_EQ(real_clock(), real_clock());
    auto const before = real_clock()->now();
    EXPECT_GE(real_clock()->now(), before);
    EXPECT_GT(real_clock()->system_now(), system_time{std::chrono::sys_days{2024y / 1 / 1}});
}

} // namespace
} // namespace bctrl
