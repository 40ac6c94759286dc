#include "load/rolling_calls.hpp"
#include "load/workloads.hpp"

namespace bctrl::bench {

void run_short(tested_client& on, arguments const& asked, boost::json::object& result) {
    rolling_calls calls{asked.count, asked.concurrency};
    auto begin = [&](std::size_t n) {
        on.api().operations().get(
            on.id(n, "00000000"),
            [&calls, n](error_code code, operation got) { calls.ended(n, code, got); });
    };
    calls.run(on, begin, result);
}

} // namespace bctrl::bench
