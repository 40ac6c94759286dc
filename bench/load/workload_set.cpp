#include "load/process_figures.hpp"
#include "load/workloads.hpp"

#include <bctrl/wait_set.hpp>

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::bench {

namespace {

using std::chrono::milliseconds;

/// How many times works are taken out and put back while the longest of them lives.
constexpr int changes_in_a_life = 200;

/// Works in a set that has begun none of its waits.
void measure_idle(tested_client& on, std::size_t count, boost::json::object& result) {
    wait_set idle{on.api(), {.in_flight = 0}};
    for (std::size_t n = 0; n < count; ++n)
        idle.add({durable_kind::operation, on.id(n, "ffffffff")});
    on.run_until([&] { return idle.counts().queued == count; });
    result["rss_idle_kb"] = resident_now();
    bool closed = false;
    idle.close([&closed](error_code, std::vector<work_id> const&) { closed = true; });
    on.run_until([&] { return closed; });
}

/// Works that live for random times in one set, of which a tenth is removed and added again on the way.
class lively_set {
public:
    lively_set(tested_client& on, std::size_t count, milliseconds longest_life)
        : on_{on},
          set_{on.api()},
          changes_{on.api().get_executor()},
          longest_life_{longest_life},
          told_(count) {
        std::mt19937 random{1}; // NOLINT(cert-msc51-cpp): the same lives every time
        std::uniform_int_distribution<milliseconds::rep> any{0, longest_life.count()};
        lives_.reserve(count);
        late_.reserve(count);
        for (std::size_t n = 0; n < count; ++n)
            lives_.emplace_back(any(random));
    }

    void run(boost::json::object& result) {
        began_ = stopwatch_clock::now();
        for (std::size_t n = 0; n < lives_.size(); ++n)
            set_.add(work(n), std::to_string(n));
        take_next();
        change();
        on_.run_until([this] { return over_; });
        changes_.cancel();
        result["changed"] = changed_;
    }

    /// How long after its end each was told, microseconds.
    std::vector<float>& late() noexcept { return late_; }
    tally& seen() noexcept { return seen_; }

private:
    work_id work(std::size_t number) const {
        return {durable_kind::operation, on_.id(number, lives_[number])};
    }

    void take_next() {
        set_.next([this](error_code code, std::optional<ended_work> ended) {
            if (code) throw bench_failed{"the set ended: " + code.message()};
            if (!ended) {
                over_ = true;
                return;
            }
            take(*ended);
            take_next();
        });
    }

    void take(ended_work const& ended) {
        auto const number = std::stoul(ended.note);
        if (told_[number]) throw bench_failed{"an ending was told twice"};
        told_[number] = true;
        auto const* const seen = ended.operation();
        seen_.take(ended.error, seen ? *seen : operation{});
        if (!seen || !seen->finished_at) return;
        if (auto const at = seen->finished_at->time())
            late_.push_back(
                std::chrono::duration<float, std::micro>(std::chrono::system_clock::now() - *at)
                    .count());
    }

    /// Every now and then takes some out and puts them back at once, until that was done to a tenth.
    void change() {
        auto const lived =
            std::chrono::duration_cast<milliseconds>(stopwatch_clock::now() - began_);
        auto left = lives_.size() / 1'000 + 1;
        for (; left > 0 && changed_ < lives_.size() / 10 && next_ < lives_.size(); ++next_) {
            // The ending of one that is about to end may be on its way, and would be told again.
            if (told_[next_] || lives_[next_] < lived + longest_life_ / 10) continue;
            set_.remove(work(next_));
            set_.add(work(next_), std::to_string(next_));
            ++changed_;
            --left;
        }
        changes_.expires_after(longest_life_ / changes_in_a_life);
        changes_.async_wait([this](error_code code) {
            if (!code) change();
        });
    }

    tested_client& on_;
    wait_set set_;
    boost::asio::steady_timer changes_;
    milliseconds longest_life_;
    std::vector<milliseconds> lives_;
    std::vector<bool> told_;
    std::vector<float> late_;
    tally seen_;
    stopwatch_clock::time_point began_;
    std::size_t next_ = 0; ///< to be taken out
    std::size_t changed_ = 0;
    bool over_ = false;
};

} // namespace

void run_set(tested_client& on, arguments const& asked, boost::json::object& result) {
    lively_set waits{on, asked.count, milliseconds{asked.longest_life_ms}};
    result["rss_start_kb"] = resident_now();
    measure_idle(on, asked.count, result);
    auto const before = processor_time_now();
    auto const from = stopwatch_clock::now();
    waits.run(result);
    auto const used = processor_time_now() - before;
    result["wall_ms"] = since(from);
    result["cpu_user_ms"] = used.user;
    result["cpu_sys_ms"] = used.system;
    result["p50_us"] = quantile(waits.late(), 0.5);
    result["p99_us"] = quantile(waits.late(), 0.99);
    waits.seen().take_hidden_faults(on.api().stats());
    waits.seen().report(result);
}

} // namespace bctrl::bench
