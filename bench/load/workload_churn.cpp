#include "load/parked_waits.hpp"
#include "load/rolling_calls.hpp"
#include "load/workloads.hpp"

#include <array>
#include <cstdio>

namespace bctrl::bench {

namespace {

using namespace std::chrono_literals;

/// After how many milliseconds the operation of that number ends.
unsigned life_of(std::size_t number) {
    return 5 + static_cast<unsigned>(number * 7'919 % 46);
}

std::string ending(unsigned milliseconds) {
    std::array<char, 9> text{};
    std::snprintf(text.data(), text.size(), "%08x", milliseconds);
    return text.data();
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
        on.api().operations().wait(on.id(n, ending(life)), options,
                                   [&calls, n, life](error_code code, operation_wait_result got) {
                                       calls.ended(n, code, got, life);
                                   });
    };
    calls.run(on, begin, result);
}

} // namespace bctrl::bench
