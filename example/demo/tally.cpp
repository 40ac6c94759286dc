#include "tally.hpp"

#include <bctrl/failed_step.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace demo {

namespace {

using bctrl::durable_status;
using real_milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::array endings{durable_status::succeeded, durable_status::failed,
                             durable_status::cancelled, durable_status::timed_out};

double percentile(std::vector<double> const& sorted, double part) {
    auto const last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(part * last)];
}

} // namespace

void tally::ended(scripted_operation const& as_scripted, bctrl::operation seen,
                  std::chrono::steady_clock::time_point woken) {
    --in_flight_;
    ++expected_[static_cast<std::size_t>(as_scripted.expected)];
    ++seen_[static_cast<std::size_t>(durable_status{seen.status})];
    if (seen.status == as_scripted.expected)
        ++as_scripted_;
    else
        faults_.push_back(fmt::format("{} should have ended {} and is {}", as_scripted.id,
                                      bctrl::text_of(as_scripted.expected), seen.status.text()));
    woken_.push_back({as_scripted.id, woken});
    if (!a_failed_one_ && seen.status == durable_status::failed) a_failed_one_ = std::move(seen);
}

void tally::failed(std::string why) {
    faults_.push_back(std::move(why));
}

std::string tally::progress_line(std::chrono::steady_clock::duration since_start) const {
    auto const seconds = std::chrono::duration<double>(since_start).count();
    auto const done = woken_.size();
    return fmt::format("done {:4}  succeeded {:4}  failed {:3}  in flight {:4}  {:5.0f} waits/s",
                       done, count(durable_status::succeeded), count(durable_status::failed),
                       in_flight_, static_cast<double>(done) / std::max(seconds, 0.001));
}

std::string tally::report(bctrl::emulator::server const& from) const {
    auto text = fmt::format("\n{:<12}{:>10}{:>8}\n", "ending", "scripted", "seen");
    for (auto const each : endings)
        text += fmt::format("{:<12}{:>10}{:>8}\n", bctrl::text_of(each),
                            expected_[static_cast<std::size_t>(each)], count(each));
    text += latencies(from);
    if (a_failed_one_)
        text += fmt::format("\nOne that failed, {}:\n{}", a_failed_one_->id,
                            explain_failure(*a_failed_one_));
    for (auto const& each : faults_)
        text += "\nNOT AS SCRIPTED: " + each + "\n";
    return text;
}

std::string tally::latencies(bctrl::emulator::server const& from) const {
    std::vector<double> sorted;
    for (auto const& each : woken_)
        if (auto const ended = from.ended_at(each.id))
            sorted.push_back(real_milliseconds{each.at - *ended}.count());
    if (sorted.empty()) return {};
    std::sort(sorted.begin(), sorted.end());
    return fmt::format(
        "\nfrom an operation's end on the server to the coroutine that waits for it:\n"
        "  p50 {:.2f} ms   p90 {:.2f} ms   p99 {:.2f} ms   max {:.2f} ms\n",
        percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 0.99), sorted.back());
}

} // namespace demo
