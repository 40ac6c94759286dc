#include "load/process_figures.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace bctrl::bench {

namespace {

double milliseconds_of(timeval const& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

long status_line(std::string_view name) {
    std::ifstream status{"/proc/self/status"};
    std::string line;
    while (std::getline(status, line))
        if (line.starts_with(name)) return std::stol(line.substr(name.size()));
    return 0;
}

} // namespace

processor_time processor_time_now() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return {milliseconds_of(used.ru_utime), milliseconds_of(used.ru_stime)};
}

processor_time operator-(processor_time const& later, processor_time const& earlier) {
    return {later.user - earlier.user, later.system - earlier.system};
}

long resident_now() {
    return status_line("VmRSS:");
}

long resident_peak() {
    return status_line("VmHWM:");
}

std::size_t descriptors_now() {
    std::filesystem::directory_iterator const open{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

double since(stopwatch_clock::time_point then) {
    return std::chrono::duration<double, std::milli>(stopwatch_clock::now() - then).count();
}

double quantile(std::vector<float>& values, double part) {
    if (values.empty()) return 0;
    auto const at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

} // namespace bctrl::bench
