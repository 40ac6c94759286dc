#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <iostream>
#include <numeric>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::simulated_bench;
using testing::simulated_service;

constexpr auto probe_interval = 1s;

struct span_of_time {
    milliseconds begin;
    milliseconds end;
};

constexpr span_of_time outages[] = {{6h, 6h + 10min}, {15h, 15h + 10min}};
constexpr milliseconds deploy = 10h + 17s;

/// A day of a service: one request in a hundred meets a fault, twice nothing can be reached for ten
/// minutes, and once every connection is dropped.
class day {
public:
    day(std::uint64_t seed, std::size_t waits)
        : ends_(waits),
          ended_at_(waits),
          chance_{seeded_randomness(seed)},
          bench_{config(), seed, [this](auto const& r, auto at) { return fate_of(r, at); }} {
        for (auto& each : ends_)
            each = jittered(*chance_, 24h);
    }

    void pass() {
        for (std::size_t n = 0; n < ends_.size(); ++n)
            bench_.core().calls().spawn(wait_for(n));
        bench_.pass(24h + 5min);
    }

    int right() const noexcept { return right_; }
    int wrong() const noexcept { return wrong_; }
    /// From the end of the work to the end of the wait, the time that nothing could be reached aside.
    milliseconds longest_delay() const {
        milliseconds longest{0};
        for (std::size_t n = 0; n < ends_.size(); ++n)
            longest = std::max(longest, ended_at_[n] - reachable_from(ends_[n]));
        return longest;
    }
    int polls_between(milliseconds begin, milliseconds end) const {
        auto const from = polls_.begin() + begin / 1s;
        return std::accumulate(from, polls_.begin() + end / 1s, 0);
    }
    /// Of the polls per second.
    double peak_to_mean(milliseconds begin, milliseconds end) const {
        auto const peak = *std::max_element(polls_.begin() + begin / 1s, polls_.begin() + end / 1s);
        auto const mean = polls_between(begin, end) / static_cast<double>((end - begin) / 1s);
        return peak / mean;
    }
    std::uint64_t fingerprint() const noexcept { return fingerprint_; }
    int open() { return bench_.service().open(); }

private:
    static client_config config() {
        auto made = testing::config_of_nowhere();
        made.wait.lost_contact_after = 1h;
        made.wait.probe_interval = probe_interval;
        return made;
    }
    static steady_time at(milliseconds in) noexcept { return start() + in; }
    static steady_time start() noexcept { return testing::manual_clock{}.now(); }

    static std::optional<span_of_time> outage_at(milliseconds when) noexcept {
        for (auto const& each : outages)
            if (when >= each.begin && when < each.end) return each;
        return std::nullopt;
    }
    static milliseconds reachable_from(milliseconds when) noexcept {
        auto const outage = outage_at(when);
        return outage ? outage->end : when;
    }
    /// The next moment at which every connection is dropped.
    static milliseconds next_drop(milliseconds after) noexcept {
        auto next = milliseconds{25h};
        for (auto const when : {outages[0].begin, deploy, outages[1].begin})
            if (when > after) next = std::min(next, when);
        return next;
    }

    void log(std::uint64_t what) noexcept { fingerprint_ = (fingerprint_ ^ what) * 0x100000001b3U; }

    simulated_service::fate fate_of(wire_request const& request, steady_time begun) {
        auto const now = std::chrono::floor<milliseconds>(begun - start());
        auto const n = std::stoul(std::string{testing::id_of(request)});
        auto const asked = testing::asked_of(request).value_or(0ms);
        ++polls_.at(static_cast<std::size_t>(now / 1s));
        log(static_cast<std::uint64_t>(now.count()) * ends_.size() + n);
        log(static_cast<std::uint64_t>(asked.count()));
        if (outage_at(now))
            return {begun + 1ms,
                    [] { return testing::fault(errc::connect_failed, exchange_progress::unsent); }};
        auto const held_until = std::clamp(ends_[n], now, now + asked) + 5ms;
        auto const drop = next_drop(now);
        if (fraction(*chance_) < 0.01)
            return {at(std::min(drop, now + jittered(*chance_, 50s))), a_fault()};
        if (drop < held_until)
            return {at(drop),
                    [] { return testing::fault(errc::connection_lost, exchange_progress::sent); }};
        auto const ended = held_until >= ends_[n];
        return {at(held_until), [n, ended] {
                    return testing::seen(ended ? ending_of(n) : "running", std::to_string(n));
                }};
    }

    std::function<std::optional<exchange_outcome>()> a_fault() {
        constexpr int statuses[] = {408, 429, 500, 502, 503, 504};
        auto const which = chance_->next() % 8;
        if (which < 6) return [status = statuses[which]] { return testing::answer(status, "{}"); };
        return [] { return testing::fault(errc::connection_lost, exchange_progress::answered); };
    }

    static std::string_view ending_of(std::size_t n) noexcept {
        return n % 3 == 0 ? "failed" : n % 3 == 1 ? "succeeded" : "cancelled";
    }

    task<> wait_for(std::size_t n) {
        auto& told = told_.emplace_back(bench_.now());
        auto wait = testing::wait_for_end<operation>(bench_.core(), never_, told, std::to_string(n),
                                                     wait_options{});
        auto const ended = co_await wait;
        ended_at_[n] = std::chrono::floor<milliseconds>(bench_.now() - start());
        auto const as_scripted =
            ended && ended->operation.status.text() == ending_of(n) && ended_at_[n] >= ends_[n];
        ++(as_scripted ? right_ : wrong_);
    }

    std::vector<milliseconds> ends_;
    std::vector<milliseconds> ended_at_;
    std::vector<int> polls_ = std::vector<int>(25 * 3600);
    std::uint64_t fingerprint_ = 0xcbf29ce484222325U;
    int right_ = 0;
    int wrong_ = 0;
    std::shared_ptr<randomness> chance_;
    std::list<listed_call> told_;
    stop_signal never_;
    simulated_bench bench_;
};

TEST(herd, lives_through_a_day_of_faults_outages_and_a_deploy) {
    auto const begun = std::clock();
    constexpr auto waits = 1'000;
    day d{1, waits};
    d.pass();
    auto const seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::cout << "24 h of " << waits << " waits: " << d.polls_between(0h, 24h) << " polls in "
              << seconds << " s of processor time; longest delay " << d.longest_delay().count()
              << " ms\n";

    EXPECT_EQ(d.right(), waits);
    EXPECT_EQ(d.wrong(), 0);
    EXPECT_EQ(d.open(), 0);
    EXPECT_LE(d.longest_delay(), 60s) << "the poll that tells of an end may meet a fault";
    for (auto const& each : outages) {
        auto const attempts = d.polls_between(each.begin, each.end);
        auto const floor = (each.end - each.begin) / probe_interval;
        EXPECT_LE(attempts, floor * 12 / 10);
        EXPECT_GE(attempts, floor * 7 / 10) << "somebody has to knock";
        auto const ratio = d.peak_to_mean(each.end, each.end + 10min);
        std::cout << attempts << " attempts in an outage, floor " << floor
                  << "; peak to mean of the polls per second behind it " << ratio << "\n";
        EXPECT_LE(ratio, 3.0);
    }
    auto const ratio = d.peak_to_mean(deploy, deploy + 10min);
    std::cout << "peak to mean behind the deploy " << ratio << "\n";
    EXPECT_LE(ratio, 3.0);
}

TEST(herd, is_back_in_the_promised_time_though_its_work_has_ended_meanwhile) {
    constexpr auto waits = 500;
    testing::core_bench bench;
    auto reachable = false;
    bench.server().otherwise([&](wire_request const& request) {
        if (reachable)
            return testing::scripted_answer{testing::seen("succeeded", testing::id_of(request)),
                                            5ms};
        return testing::scripted_answer{
            testing::fault(errc::connect_failed, exchange_progress::unsent)};
    });
    std::vector<std::unique_ptr<testing::test_wait>> all;
    for (int n = 0; n < waits; ++n)
        all.push_back(
            std::make_unique<testing::test_wait>(bench, std::to_string(n), wait_options{}));
    bench.pass(1min);
    reachable = true;
    bench.pass(wait_policy{}.return_within + 2 * probe_interval);
    EXPECT_EQ(std::count_if(all.begin(), all.end(), [](auto const& w) { return w->has_value(); }),
              waits);
}

TEST(herd, does_the_same_for_the_same_seed) {
    day one{7, 50};
    day same{7, 50};
    day other{8, 50};
    for (auto* const each : {&one, &same, &other})
        each->pass();
    EXPECT_EQ(one.fingerprint(), same.fingerprint());
    EXPECT_NE(one.fingerprint(), other.fingerprint());
}

} // namespace
} // namespace bctrl
