#include "codec/retry_after.hpp"
#include "codec/http_date.hpp"

#include <gtest/gtest.h>

#include <string>

namespace bctrl::codec {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
namespace chrono = std::chrono;

/// 1994-11-06T08:49:37Z, the date in all of the RFC's examples.
constexpr chrono::sys_seconds example =
    chrono::sys_days{chrono::year{1994} / chrono::November / 6} + 8h + 49min + 37s;

struct retry_case {
    std::string value;
    std::optional<milliseconds> expected;
};

class retry_after : public testing::TestWithParam<retry_case> {};

TEST_P(retry_after, is_read) {
    EXPECT_EQ(read_retry_after(GetParam().value, example), GetParam().expected) << GetParam().value;
}

INSTANTIATE_TEST_SUITE_P(
    seconds, retry_after,
    testing::Values(retry_case{"0", 0ms}, retry_case{"120", 120s}, retry_case{" 7\t", 7s},
                    retry_case{"007", 7s}, retry_case{"1.5", 1500ms}, retry_case{"0.0019", 1ms},
                    retry_case{"-5", 0ms}, retry_case{"-99999999999999999999", 0ms},
                    retry_case{"31536000", longest_retry_after},
                    retry_case{"31536001", longest_retry_after},
                    retry_case{"99999999999999999999999", longest_retry_after},
                    retry_case{"", std::nullopt}, retry_case{" ", std::nullopt},
                    retry_case{"-", std::nullopt}, retry_case{"+5", std::nullopt},
                    retry_case{"5s", std::nullopt}, retry_case{"5.", std::nullopt},
                    retry_case{".5", std::nullopt}, retry_case{"1e3", std::nullopt},
                    retry_case{"soon", std::nullopt}, retry_case{"1 2", std::nullopt},
                    retry_case{"0x10", std::nullopt}));

INSTANTIATE_TEST_SUITE_P(dates, retry_after,
                         testing::Values(retry_case{"Sun, 06 Nov 1994 08:49:37 GMT", 0ms},
                                         retry_case{"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
                                         retry_case{"Sun, 06 Nov 1994 08:49:36 GMT", 0ms},
                                         retry_case{"Thu, 01 Jan 1970 00:00:00 GMT", 0ms},
                                         retry_case{"Fri, 31 Dec 9999 23:59:59 GMT",
                                                    longest_retry_after},
                                         retry_case{"Sunday, 06-Nov-94 08:49:39 GMT", 2s},
                                         retry_case{"Sun Nov  6 08:49:40 1994", 3s},
                                         retry_case{"Wed Nov 16 08:49:37 1994", chrono::days{10}},
                                         retry_case{"Sun, 06 Nov 1994 08:49:60 GMT", 23s},
                                         retry_case{" Sun, 06 Nov 1994 08:49:38 GMT ", 1s},
                                         retry_case{"Sun, 06 Nov 1994 08:49:37 UTC", std::nullopt},
                                         retry_case{"Sun, 06 Nov 1994 08:49:37", std::nullopt},
                                         retry_case{"Sun, 31 Feb 1994 08:49:37 GMT", std::nullopt},
                                         retry_case{"Sun, 06 Nov 1994 24:49:37 GMT", std::nullopt},
                                         retry_case{"Sun, 6 Nov 1994 08:49:37 GMT", std::nullopt},
                                         retry_case{"sun, 06 nov 1994 08:49:37 gmt", std::nullopt},
                                         retry_case{"Sun, 06 Nov 94 08:49:37 GMT", std::nullopt},
                                         retry_case{"Sun, 06-Nov-94 08:49:37 GMT", std::nullopt},
                                         retry_case{"Sun Nov 06 08:49:37 1994 GMT", std::nullopt},
                                         retry_case{"1994-11-06T08:49:37Z", std::nullopt}));

TEST(http_date, forms_of_the_rfc_agree) {
    EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT", example), example);
    EXPECT_EQ(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT", example), example);
    EXPECT_EQ(read_http_date("Sun Nov  6 08:49:37 1994", example), example);
}

TEST(http_date, finds_the_century_of_two_digits) {
    auto const year_of = [](std::string const& two_digits, int this_year) {
        chrono::sys_seconds const now =
            chrono::sys_days{chrono::year{this_year} / chrono::June / 1};
        auto const date = read_http_date("Sunday, 01-Jan-" + two_digits + " 00:00:00 GMT", now);
        return static_cast<int>(chrono::year_month_day{chrono::floor<chrono::days>(*date)}.year());
    };
    EXPECT_EQ(year_of("26", 2026), 2026);
    EXPECT_EQ(year_of("30", 2026), 2030);
    EXPECT_EQ(year_of("76", 2026), 2076);
    EXPECT_EQ(year_of("77", 2026), 1977);
    EXPECT_EQ(year_of("99", 2026), 1999);
    EXPECT_EQ(year_of("01", 1999), 2001);
}

TEST(http_date, survives_every_cut) {
    for (std::string const whole : {"Sun, 06 Nov 1994 08:49:37 GMT",
                                    "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
        for (std::size_t length = 0; length < whole.size(); ++length)
            EXPECT_FALSE(read_http_date(whole.substr(0, length), example))
                << whole.substr(0, length);
}

} // namespace
} // namespace bctrl::codec
