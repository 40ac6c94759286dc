#include "load/parked_waits.hpp"
#include "load/process_figures.hpp"
#include "load/workloads.hpp"

namespace bctrl::bench {

void run_park(tested_client& on, arguments const& asked, boost::json::object& result) {
    parked_waits waits{on, asked.count};
    result["rss_start_kb"] = resident_now();
    auto const began = processor_time_now();
    auto const from = stopwatch_clock::now();
    waits.park();
    auto const used = processor_time_now() - began;
    result["parked"] = asked.count;
    result["park_wall_ms"] = since(from);
    result["park_cpu_user_ms"] = used.user;
    result["park_cpu_sys_ms"] = used.system;
    result["rss_parked_kb"] = resident_now();
    result["fds"] = descriptors_now();
    result["conns"] = on.api().stats().sockets;

    auto const released = stopwatch_clock::now();
    auto const before = processor_time_now();
    waits.release();
    result["release_ms"] = since(released);
    result["release_cpu_ms"] = (processor_time_now() - before).all();
    waits.seen().take_hidden_faults(on.api().stats());
    waits.seen().report(result);
}

} // namespace bctrl::bench
