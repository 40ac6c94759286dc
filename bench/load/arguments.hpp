#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace bctrl::bench {

enum class workload {
    short_calls, ///< gets, so many in flight
    park,        ///< waits that are all parked, and released at once
    churn,       ///< waits that end after a few milliseconds, so many in flight
    cancel,      ///< waits that are parked, and cancelled at once
    set,         ///< works of one `wait_set` that end at random times, removed and added on the way
};

struct arguments {
    std::string base_url;
    std::string ca_file;
    workload what = workload::short_calls;
    std::string workload_name;
    std::size_t count = 1'000;
    std::size_t concurrency = 64;
    int http = 2;
    unsigned longest_life_ms = 20'000; ///< of the works of a set
    std::size_t max_streams = 0; ///< on one connection; 0: what the client and the server agree on
};

/// Reads the command line.
/// @returns what to exit with at once, if that is all there is to do
std::optional<int> read(int argc, char const* const* argv, arguments& into);

} // namespace bctrl::bench
