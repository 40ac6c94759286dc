#include "transport/http1/keep_alive.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace bctrl::http1 {
namespace {

using namespace std::chrono_literals;

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

TEST(keep_alive, is_read_tolerantly) {
    struct {
        std::vector<std::string> values;
        std::optional<milliseconds> timeout;
        std::optional<std::uint64_t> requests;
    } const table[] = {
        {{}, {}, {}},
        {{"timeout=5, max=100"}, 5s, 100},
        {{"max=1,timeout=60"}, 60s, 1},
        {{"  TimeOut = 5 ;"}, {}, {}},
        {{"  TimeOut = 5 , MAX = \"7\" "}, 5s, 7},
        {{"timeout=0, max=0"}, 0s, 0},
        {{"timeout=007"}, 7s, {}},
        {{"timeout=5", "max=9"}, 5s, 9},
        {{"timeout=5, timeout=3", "timeout=4"}, 3s, {}},
        {{"timeout=-5, max=-1"}, {}, {}},
        {{"timeout=+5, max=1e9"}, {}, {}},
        {{"timeout=5.5, max=0x10"}, {}, {}},
        {{"timeout=5s, max=5"}, {}, 5},
        {{"timeout=, max="}, {}, {}},
        {{"timeout, max"}, {}, {}},
        {{"=5, ==, timeout==5"}, {}, {}},
        {{"", ",", ",,,", " "}, {}, {}},
        {{"timeout=\"", "max=\"\""}, {}, {}},
        {{"other=1, timeout=2, timeoutx=1"}, 2s, {}},
        {{"timeout=99999999999999999999999, max=99999999999999999999999"}, 8760h, most},
        {{"timeout=18446744073709551615, max=18446744073709551615"}, 8760h, most},
        {{"timeout=18446744073709551616"}, 8760h, {}},
        {{"timeout=99999999999999999999999x"}, {}, {}},
        {{std::string("timeout=5\0", 10)}, {}, {}},
        {{std::string(60'000, ',') + "timeout=5"}, 5s, {}},
    };
    for (auto const& [values, timeout, requests] : table) {
        wire_response answer;
        answer.headers.push_back({"timeout", "1"});
        for (auto const& each : values)
            answer.headers.push_back({"kEEP-aLIVE", each});
        auto const read = read_keep_alive(answer);
        auto const shown = values.empty() ? "nothing" : values.front().substr(0, 80);
        EXPECT_EQ(read.timeout, timeout) << shown;
        EXPECT_EQ(read.requests, requests) << shown;
    }
}

} // namespace
} // namespace bctrl::http1
