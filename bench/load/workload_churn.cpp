#include "load/parked_waits.hpp"
#include "load/rolling_calls.hpp"
#include "load/workloads.hpp"

#include <chrono>
#include <cstddef>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

/// How long the operation of that number lives.
std::chrono::milliseconds life_of(std::size_t number) {
    return std::chrono::milliseconds{5 + number * 7'919 % 46};
}

/// Waits that are parked and released, so that the connections are there.
void open_connections(tested_client& on, std::size_t count) {
    parked_waits first{on, count};
    first.park();
    first.release();
}

} // namespace

void run_churn(tested_client& on, arguments const& asked, boost::json::object& result) {
    open_connections(on, asked.concurrency);
    rolling_calls calls{asked.count, asked.concurrency};
    wait_options options;
    options.within = 3600s;
    auto begin = [&](std::size_t n) {
        auto const life = life_of(n);
        on.api().operations().wait(on.id(n, life), options,
                                   [&calls, n, life](error_code code, operation_wait_result got) {
                                       calls.ended(n, code, got, static_cast<double>(life.count()));
                                   });
    };
    calls.run(on, begin, result);
}

} // namespace bctrl::bench
