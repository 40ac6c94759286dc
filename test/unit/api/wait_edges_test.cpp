#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::scripted_answer;
using testing::seen;
using testing::test_wait;

/// What only happens at the edges of what a wait may be asked, and of what a client can carry.
class edges_of_waits : public ::testing::Test {
protected:
    void close() {
        bench.core().closings().spawn(bench.core().closed(0ms, patience));
        bench.settle();
    }
    void answer_all(exchange_outcome what) {
        bench.server().otherwise(
            [what = std::move(what)](auto const&) { return scripted_answer{what}; });
    }
    std::size_t requests() { return bench.server().requests().size(); }

    core_bench bench;
    stop_signal patience;
};

TEST_F(edges_of_waits, leave_no_alarm_behind_when_the_client_closes_in_an_outage) {
    answer_all(answer(503, "{}", {{"Retry-After", "60"}}));
    std::vector<std::unique_ptr<test_wait>> all;
    for (int n = 0; n < 10; ++n)
        all.push_back(std::make_unique<test_wait>(bench, std::to_string(n), wait_options{}));
    bench.pass(90s);
    for (auto const& each : all)
        each->request_stop(stop_reason::closed);
    close();
    EXPECT_FALSE(bench.time().next_alarm()) << "the context would not come to its end";
}

} // namespace
} // namespace bctrl
