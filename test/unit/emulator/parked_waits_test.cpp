#include "emulator/service/parked_waits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bctrl::emulator {
namespace {

using namespace std::chrono_literals;

struct waits : testing::Test {
    parked_waits::ticket park(resource const* target, std::chrono::milliseconds until, char name) {
        return parked.add(target, start + until, [this, name](wait_end why) {
            log += name;
            log += "etf"[static_cast<int>(why)];
        });
    }

    time_point start{};
    resource first{}, second{};
    parked_waits parked;
    std::string log;
};

TEST_F(waits, end_with_their_resource) {
    park(&first, 1s, 'a');
    park(&second, 1s, 'b');
    park(&first, 1s, 'c');
    parked.release(&first);
    EXPECT_TRUE(log == "aece" || log == "ceae") << log;
    EXPECT_EQ(parked.size(), 1u);
    parked.release(&first);
    EXPECT_EQ(log.size(), 4u);
}

TEST_F(waits, end_when_their_time_is_over) {
    park(&first, 30ms, 'a');
    park(&first, 10ms, 'b');
    EXPECT_EQ(parked.next_expiry(), start + 10ms);
    parked.expire(start + 9ms);
    EXPECT_EQ(log, "");
    parked.expire(start + 10ms);
    EXPECT_EQ(log, "bt");
    parked.release(&first);
    EXPECT_EQ(log, "btae");
    EXPECT_EQ(parked.next_expiry(), std::nullopt);
}

TEST_F(waits, are_not_called_back_once_abandoned) {
    auto const a = park(&first, 10ms, 'a');
    auto const b = park(&first, 10ms, 'b');
    parked.abandon(a);
    EXPECT_EQ(parked.abandoned(), 1u);
    parked.release(&first);
    parked.abandon(b);
    EXPECT_EQ(parked.abandoned(), 1u);
    parked.expire(start + 1h);
    EXPECT_EQ(log, "be");
}

TEST_F(waits, are_withdrawn_without_being_abandoned) {
    auto const a = park(&first, 10ms, 'a');
    EXPECT_TRUE(parked.withdraw(a));
    EXPECT_FALSE(parked.withdraw(a));
    EXPECT_EQ(parked.abandoned(), 0u);
    parked.release(&first);
    parked.expire(start + 1h);
    EXPECT_EQ(log, "");
}

TEST_F(waits, are_counted_by_who_watches) {
    auto const watch = [&](bool is_minimum, std::size_t count, char name) {
        return parked.watch({.is_minimum = is_minimum, .count = count}, start + 1s,
                            [this, name](wait_end why) {
                                log += name;
                                log += "etf"[static_cast<int>(why)];
                            });
    };
    watch(true, 2, 'A');
    park(&first, 500ms, 'a');
    EXPECT_EQ(parked.size(), 1u);
    EXPECT_EQ(log, "");
    auto const b = park(&first, 500ms, 'b');
    EXPECT_EQ(log, "Ae");
    watch(false, 1, 'B');
    parked.abandon(b);
    EXPECT_EQ(log, "AeBe");
    watch(false, 0, 'C');
    parked.release(&first);
    EXPECT_EQ(log, "AeBeaeCe");
    auto const d = watch(true, 1, 'D');
    parked.abandon(d);
    EXPECT_EQ(parked.abandoned(), 1u);
    watch(true, 1, 'E');
    EXPECT_EQ(parked.size(), 0u);
    parked.expire(start + 1s);
    EXPECT_EQ(log, "AeBeaeCeEt");
    EXPECT_EQ(parked.next_expiry(), std::nullopt);
}

TEST_F(waits, can_all_be_forgotten) {
    park(&first, 10ms, 'a');
    parked.forget_all();
    EXPECT_EQ(log, "af");
    EXPECT_EQ(parked.size(), 0u);
    parked.expire(start + 1h);
    parked.release(&first);
    EXPECT_EQ(log, "af");
}

} // namespace
} // namespace bctrl::emulator
