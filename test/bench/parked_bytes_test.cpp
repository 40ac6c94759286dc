// Keeps what a parked wait costs from growing unnoticed. The bounds are a tenth above what was measured
// when they were set; doc/performance.md has the figures.
#include "bench/bench_fixture.hpp"

namespace bctrl::test {
namespace {

class parked_bytes : public bench_test {
protected:
    double per_wait(std::string const& http, std::size_t count) {
        auto const figures =
            measure({"--workload", "park", "--http", http, "--count", std::to_string(count)});
        auto const grown =
            figures.at("rss_parked_kb").as_int64() - figures.at("rss_start_kb").as_int64();
        auto const bytes = static_cast<double>(grown) * 1'024 / static_cast<double>(count);
        RecordProperty("bytes_per_wait", std::to_string(bytes));
        return bytes;
    }
};

TEST_F(parked_bytes, of_a_wait_over_http2) {
    EXPECT_LT(per_wait("2", 5'000), 3'800);
}

TEST_F(parked_bytes, of_a_wait_with_a_connection_of_its_own) {
    EXPECT_LT(per_wait("1", 2'000), 23'000);
}

} // namespace
} // namespace bctrl::test
