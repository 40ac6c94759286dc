#include <bctrl/timestamp.hpp>

#include <gtest/gtest.h>

#include <clocale>
#include <string>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
namespace chrono = std::chrono;

timestamp::time_point at(int year, unsigned month, unsigned day, nanoseconds time_of_day) {
    return sys_days{chrono::year{year} / chrono::month{month} / chrono::day{day}} + time_of_day;
}

struct good_time {
    char const* text;
    timestamp::time_point expected;
};

class good_times : public testing::TestWithParam<good_time> {};

TEST_P(good_times, are_read) {
    auto const time = timestamp{GetParam().text}.time();
    ASSERT_TRUE(time) << GetParam().text;
    EXPECT_EQ(*time, GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    timestamp, good_times,
    testing::Values(
        good_time{"2026-04-02T09:14:58.020Z", at(2026, 4, 2, 9h + 14min + 58s + 20ms)},
        good_time{"2026-04-02T09:14:58Z", at(2026, 4, 2, 9h + 14min + 58s)},
        good_time{"2026-04-02t09:14:58z", at(2026, 4, 2, 9h + 14min + 58s)},
        good_time{"2026-04-02 09:14:58Z", at(2026, 4, 2, 9h + 14min + 58s)},
        good_time{"1970-01-01T00:00:00Z", timestamp::time_point{}},
        good_time{"1969-12-31T23:59:59.999999999Z", timestamp::time_point{-1ns}},
        good_time{"2026-04-02T09:14:58.1Z", at(2026, 4, 2, 9h + 14min + 58s + 100ms)},
        good_time{"2026-04-02T09:14:58.123456789Z", at(2026, 4, 2, 9h + 14min + 58s + 123456789ns)},
        good_time{"2026-04-02T09:14:58.12345678999999999999999999999Z",
                  at(2026, 4, 2, 9h + 14min + 58s + 123456789ns)},
        good_time{"2026-04-02T09:14:58+02:00", at(2026, 4, 2, 7h + 14min + 58s)},
        good_time{"2026-04-02T09:14:58.5-05:30", at(2026, 4, 2, 14h + 44min + 58s + 500ms)},
        good_time{"2026-04-02T09:14:58-00:00", at(2026, 4, 2, 9h + 14min + 58s)},
        good_time{"2026-12-31T23:30:00-01:00", at(2027, 1, 1, 30min)},
        good_time{"2024-02-29T00:00:00Z", at(2024, 2, 29, 0s)},
        good_time{"2000-02-29T00:00:00Z", at(2000, 2, 29, 0s)},
        good_time{"2016-12-31T23:59:60Z", at(2017, 1, 1, 0s)},
        good_time{"2016-12-31T23:59:60.5Z", at(2017, 1, 1, 500ms)},
        good_time{"1678-01-01T00:00:00Z", at(1678, 1, 1, 0s)},
        good_time{"2261-12-31T23:59:59.999999999Z", at(2262, 1, 1, -1ns)}));

class bad_times : public testing::TestWithParam<char const*> {};

TEST_P(bad_times, are_kept_but_not_read) {
    timestamp const kept{GetParam()};
    EXPECT_EQ(kept.text(), GetParam());
    EXPECT_FALSE(kept.time()) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    timestamp, bad_times,
    testing::Values("", "now", "2026-04-02", "2026-04-02T09:14", "2026-04-02T09:14:58",
                    "2026-04-02T09:14:58.Z", "2026-04-02T09:14:58,5Z", "2026-04-02T09:14:58.5",
                    "2026-04-02T24:00:00Z", "2026-04-02T09:60:00Z", "2026-04-02T09:14:61Z",
                    "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                    "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
                    "2026-04-02T09:14:58+2:00", "2026-04-02T09:14:58+0200",
                    "2026-04-02T09:14:58+24:00", "2026-04-02T09:14:58+00:60",
                    "2026-04-02T09:14:58Z ", " 2026-04-02T09:14:58Z", "2026-4-2T09:14:58Z",
                    "26-04-02T09:14:58Z", "+2026-04-02T09:14:58Z", "2026-04-02_09:14:58Z",
                    "2026-04-02T-9:14:58Z", "2026-04-02T09:14:58Zjunk", "0000-01-01T00:00:00Z",
                    "1600-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
                    "1775121298"));

TEST(timestamp, writes_utc) {
    EXPECT_EQ(timestamp::from(at(2026, 4, 2, 9h + 14min + 58s + 20ms)).text(),
              "2026-04-02T09:14:58.020Z");
    EXPECT_EQ(timestamp::from(timestamp::time_point{}).text(), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(timestamp::from(timestamp::time_point{1us}).text(), "1970-01-01T00:00:00.000001Z");
    EXPECT_EQ(timestamp::from(timestamp::time_point{-1ns}).text(),
              "1969-12-31T23:59:59.999999999Z");
}

TEST(timestamp, reads_what_it_writes) {
    for (std::int64_t step = -40; step <= 40; ++step) {
        timestamp::time_point const time{nanoseconds{step * 227'000'000'000'000'123}};
        EXPECT_EQ(timestamp::from(time).time(), time) << timestamp::from(time).text();
    }
}

TEST(timestamp, writes_the_first_and_the_last_moment_that_nanoseconds_can_hold) {
    EXPECT_EQ(timestamp::from(timestamp::time_point::min()).text(),
              "1677-09-21T00:12:43.145224192Z");
    EXPECT_EQ(timestamp::from(timestamp::time_point::max()).text(),
              "2262-04-11T23:47:16.854775807Z");
}

TEST(timestamp, equality_is_of_texts) {
    EXPECT_EQ(timestamp{"2026-04-02T09:14:58Z"}, timestamp{"2026-04-02T09:14:58Z"});
    EXPECT_NE(timestamp{"2026-04-02T09:14:58Z"}, timestamp{"2026-04-02T09:14:58.0Z"});
}

} // namespace
} // namespace bctrl
