#include "bench/bench_fixture.hpp"

#include <boost/json/value_to.hpp>

#include <cstddef>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;

/// Over both versions of HTTP.
class workloads : public bench_test, public ::testing::WithParamInterface<char const*> {
protected:
    boost::json::object run_workload(std::string const& name, std::vector<std::string> keys) {
        auto figures = measure({"--workload", name, "--http", GetParam(), "--count", "60",
                                "--concurrency", "7", "--longest-life-ms", "1000"});
        keys.insert(keys.end(), {"client", "version", "http", "workload", "count", "concurrency",
                                 "ok", "errors", "first_error", "rss_start_kb", "rss_peak_kb"});
        for (auto const& key : keys)
            EXPECT_TRUE(figures.contains(key)) << key;
        EXPECT_EQ(figures.size(), keys.size());
        EXPECT_EQ(figures.at("workload"), boost::json::value(name));
        EXPECT_EQ(std::to_string(figures.at("http").as_int64()), GetParam());
        return figures;
    }
    std::vector<std::string> const timed{"wall_ms", "cpu_user_ms", "cpu_sys_ms", "p50_us",
                                         "p99_us"};
};

TEST_P(workloads, of_short_calls) {
    auto const figures = run_workload("short", timed);
    EXPECT_GT(figures.at("p50_us").as_double(), 0);
    EXPECT_GE(figures.at("p99_us").as_double(), figures.at("p50_us").as_double());
}

TEST_P(workloads, of_parked_waits) {
    auto const figures =
        run_workload("park", {"parked", "park_wall_ms", "park_cpu_user_ms", "park_cpu_sys_ms",
                              "rss_parked_kb", "fds", "conns", "release_ms", "release_cpu_ms"});
    EXPECT_EQ(figures.at("parked"), 60);
    EXPECT_GE(boost::json::value_to<int>(figures.at("fds")),
              boost::json::value_to<int>(figures.at("conns")));
    EXPECT_GE(figures.at("rss_parked_kb").as_int64(), figures.at("rss_start_kb").as_int64());
}

TEST_P(workloads, of_waits_that_come_and_go) {
    auto const figures = run_workload("churn", timed);
    EXPECT_LT(figures.at("p50_us").as_double(), 5e6) << "without the lives of the operations";
}

TEST_P(workloads, of_waits_that_are_cancelled_at_once) {
    auto const figures = run_workload(
        "cancel", {"unwind_ms", "unwind_cpu_ms", "get_after_ms", "server_clear_ms", "server_left",
                   "conns_before", "conns_after", "conns_opened", "cancel_cpu_ms"});
    EXPECT_EQ(figures.at("server_left"), 0);
    EXPECT_EQ(emulator_->stats().parked, 0U);
}

TEST_P(workloads, of_a_set_of_works) {
    auto keys = timed;
    keys.insert(keys.end(), {"rss_idle_kb", "changed"});
    auto const figures = run_workload("set", keys);
    EXPECT_EQ(figures.at("changed"), 6);
    EXPECT_GT(figures.at("p99_us").as_double(), 0);
}

INSTANTIATE_TEST_SUITE_P(over_http, workloads, ::testing::Values("1", "2"));

class bench_program : public bench_test {};

TEST_F(bench_program, keeps_to_the_streams_that_it_is_told) {
    auto const figures = measure({"--workload", "park", "--count", "60", "--max-streams", "10"});
    EXPECT_EQ(figures.at("conns"), 7) << "six for the waits and one for the other calls";
}

TEST_F(bench_program, says_how_it_is_used) {
    EXPECT_EQ(run({"--help"}).exit_code, 0);
    EXPECT_EQ(run({"--workload", "park"}).exit_code, 2) << "the server is not named";
    auto const wrong =
        run({"--base-url", "https://localhost:1", "--ca", "ca.pem", "--workload", "sleep"});
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("sleep"));
}

TEST_F(bench_program, tells_that_there_is_no_server) {
    auto const ca = emulator_.config().ca_file;
    emulator_->stop();
    auto const ended =
        run({"--base-url", emulator_->base_url(), "--ca-file", ca, "--workload", "short"});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_THAT(ended.err, HasSubstr("bctrl-bench: the server does not answer"));
    EXPECT_EQ(ended.out, "");
}

} // namespace
} // namespace bctrl::test
