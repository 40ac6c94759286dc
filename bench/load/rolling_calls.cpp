#include "load/rolling_calls.hpp"

#include <algorithm>
#include <utility>

namespace bctrl::bench {

void rolling_calls::begin_next() {
    if (next_ == took_.size()) return;
    auto const number = next_++;
    began_[number] = stopwatch_clock::now();
    begin_(number);
}

void rolling_calls::run(tested_client& on, begin_call begin, boost::json::object& result) {
    begin_ = std::move(begin);
    result["rss_start_kb"] = resident_now();
    auto const before = processor_time_now();
    auto const from = stopwatch_clock::now();
    for (auto n = std::min(concurrency_, took_.size()); n > 0; --n)
        begin_next();
    on.run_until([this] { return seen_.ended() == took_.size(); });
    auto const used = processor_time_now() - before;
    result["wall_ms"] = since(from);
    result["cpu_user_ms"] = used.user;
    result["cpu_sys_ms"] = used.system;
    result["p50_us"] = quantile(took_, 0.5);
    result["p99_us"] = quantile(took_, 0.99);
    seen_.take_hidden_faults(on.api().stats());
    seen_.report(result);
}

} // namespace bctrl::bench
