// bctrl-bench: measures the client through its public API; doc/performance.md tells how and what.
#include "load/arguments.hpp"
#include "load/process_figures.hpp"
#include "load/workloads.hpp"

#include <bctrl/version.hpp>

#include <boost/json/serialize.hpp>

#include <exception>
#include <iostream>

namespace {

using namespace bctrl::bench;

void run(tested_client& on, arguments const& asked, boost::json::object& result) {
    switch (asked.what) {
        case workload::short_calls:
            return run_short(on, asked, result);
        case workload::park:
            return run_park(on, asked, result);
        case workload::churn:
            return run_churn(on, asked, result);
        case workload::cancel:
            return run_cancel(on, asked, result);
        case workload::set:
            return run_set(on, asked, result);
    }
}

boost::json::object measure(arguments const& asked) {
    boost::json::object result{{"client", "bctrl-cpp"}, {"version", bctrl::version()},
                               {"http", asked.http},    {"workload", asked.workload_name},
                               {"count", asked.count},  {"concurrency", asked.concurrency}};
    tested_client on{asked};
    on.warm_up();
    run(on, asked, result);
    result["rss_peak_kb"] = resident_peak();
    return result;
}

} // namespace

int main(int argc, char** argv) {
    arguments asked;
    if (auto const code = read(argc, argv, asked)) return *code;
    try {
        std::cout << boost::json::serialize(measure(asked)) << std::endl;
    } catch (std::exception const& e) {
        std::cerr << "bctrl-bench: " << e.what() << '\n';
        return 1;
    }
}
