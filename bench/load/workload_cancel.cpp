#include "load/parked_waits.hpp"
#include "load/process_figures.hpp"
#include "load/workloads.hpp"

namespace bctrl::bench {

void run_cancel(tested_client& on, arguments const& asked, boost::json::object& result) {
    parked_waits waits{on, asked.count};
    result["rss_start_kb"] = resident_now();
    waits.park();
    auto const opened_before = on.api().stats().connections;
    result["conns_before"] = on.api().stats().sockets;

    auto const began = processor_time_now();
    auto const from = stopwatch_clock::now();
    waits.cancel();
    result["unwind_ms"] = since(from);
    result["unwind_cpu_ms"] = (processor_time_now() - began).all();
    on.warm_up();
    result["get_after_ms"] = since(from);
    auto const left = on.administer("GET", "/admin/parked",
                                    {{"op", "le"}, {"count", "0"}, {"timeoutMs", "5000"}});
    result["server_clear_ms"] = since(from);
    result["server_left"] = left.at("parked");
    result["cancel_cpu_ms"] = (processor_time_now() - began).all();

    result["conns_after"] = on.api().stats().sockets;
    result["conns_opened"] = on.api().stats().connections - opened_before;
    waits.seen().take_hidden_faults(on.api().stats());
    waits.seen().report(result);
}

} // namespace bctrl::bench
