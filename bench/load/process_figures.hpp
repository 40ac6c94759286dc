#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace bctrl::bench {

/// Processor time of this process, milliseconds.
struct processor_time {
    double user = 0;
    double system = 0;

    double all() const noexcept { return user + system; }
};

processor_time processor_time_now();
processor_time operator-(processor_time const& later, processor_time const& earlier);

/// Resident memory, KiB.
long resident_now();
/// The most that was ever resident, KiB.
long resident_peak();

/// Open descriptors.
std::size_t descriptors_now();

using stopwatch_clock = std::chrono::steady_clock;

/// Milliseconds since then.
double since(stopwatch_clock::time_point then);

/// The value that so large a part of all is not above.
/// @param part from 0 to 1
double quantile(std::vector<float>& values, double part);

} // namespace bctrl::bench
