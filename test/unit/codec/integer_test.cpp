#include "codec/integer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace bctrl::codec {
namespace {

constexpr auto highest = std::numeric_limits<std::int64_t>::max();
constexpr auto lowest = std::numeric_limits<std::int64_t>::min();

struct number_case {
    std::string text;
    std::optional<std::int64_t> expected;
};

class numbers : public testing::TestWithParam<number_case> {};

TEST_P(numbers, are_read_exactly) {
    EXPECT_EQ(exact_integer(GetParam().text), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    integer, numbers,
    testing::Values(
        number_case{"0", 0}, number_case{"-0", 0}, number_case{"0.000", 0},
        number_case{"0e999999999999", 0}, number_case{"-0.0E-5", 0}, number_case{"7", 7},
        number_case{"-7", -7}, number_case{"10", 10}, number_case{"3.0", 3},
        number_case{"3.000000000000000000000000000", 3}, number_case{"3e0", 3},
        number_case{"3E+2", 300}, number_case{"0.3e1", 3}, number_case{"0.0003e4", 3},
        number_case{"30e-1", 3}, number_case{"12.50e1", 125}, number_case{"12.50e2", 1250},
        number_case{"9223372036854775807", highest}, number_case{"-9223372036854775808", lowest},
        number_case{"9223372036854775807.0", highest},
        number_case{"9.223372036854775807e18", highest},
        number_case{"-9.223372036854775808e18", lowest},
        number_case{"1e18", 1'000'000'000'000'000'000},
        number_case{"1" + std::string(100, '0') + "e-100", 1},
        number_case{"0." + std::string(99, '0') + "1e100", 1}, number_case{"0.5", std::nullopt},
        number_case{"1.5", std::nullopt},
        number_case{"3.0000000000000000000000000001", std::nullopt},
        number_case{"1e-1", std::nullopt}, number_case{"15e-1", std::nullopt},
        number_case{"12.55e1", std::nullopt}, number_case{"9223372036854775808", std::nullopt},
        number_case{"-9223372036854775809", std::nullopt}, number_case{"1e19", std::nullopt},
        number_case{"1e400", std::nullopt}, number_case{"1e-400", std::nullopt},
        number_case{"1e99999999999999999999999", std::nullopt},
        number_case{"1e-99999999999999999999999", std::nullopt},
        number_case{"18446744073709551616", std::nullopt},
        number_case{"18446744073709551617", std::nullopt}));

} // namespace
} // namespace bctrl::codec
