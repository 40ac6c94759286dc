#include "load/arguments.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace bctrl::bench {

std::optional<int> read(int argc, char const* const* argv, arguments& into) {
    std::map<std::string, workload> const workloads{{"short", workload::short_calls},
                                                    {"park", workload::park},
                                                    {"churn", workload::churn},
                                                    {"cancel", workload::cancel},
                                                    {"set", workload::set}};
    CLI::App app{
        "Measures what calls and waits cost, against a server that follows the same "
        "contract: see doc/performance.md. The key is read from BCTRL_API_KEY."};
    app.add_option("--base-url", into.base_url, "The server, https")->required();
    app.add_option("--ca,--ca-file", into.ca_file, "PEM file of the CA to trust")->required();
    app.add_option("--workload", into.workload_name, "short, park, churn, cancel or set")
        ->required()
        ->check(CLI::IsMember({"short", "park", "churn", "cancel", "set"}));
    app.add_option("--count", into.count, "Calls or waits")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--concurrency", into.concurrency, "How many are in flight (short, churn)")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--http", into.http, "Version of HTTP, 1 or 2")
        ->capture_default_str()
        ->check(CLI::IsMember({1, 2}));
    app.add_option("--longest-life-ms", into.longest_life_ms, "Of the works of a set, at the most")
        ->capture_default_str()
        ->check(CLI::Range(200U, 1'000'000U));
    app.add_option("--max-streams", into.max_streams, "Streams on one connection, at the most");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    into.what = workloads.at(into.workload_name);
    return std::nullopt;
}

} // namespace bctrl::bench
