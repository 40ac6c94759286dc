#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr auto round_trip = 2ms;

/// A service behind few connections: it holds polls and answers readings at once. Keeps when each
/// piece of work was looked at, that is, when an answer about it came.
class few_connections final : public testing::lane_less_transport {
public:
    struct record {
        std::map<std::string, milliseconds>
            ends; ///< since the beginning; of what is not here: never
        std::map<std::string, std::vector<milliseconds>> looks;
        std::size_t most_at_a_time = 0;
        int held = 0;
        int read = 0;
        bool reachable = true;
        std::size_t capacity = 0;
    };

    few_connections(scheduler& runs_on, record& kept) : lane_less_transport{runs_on}, kept_{kept} {}

    std::optional<std::size_t> capacity(lane_kind) const noexcept override {
        return kept_.capacity;
    }

    task<exchange_outcome> exchange(wire_request const& request, lane_kind lane, stop_signal& stop,
                                    activity& told) override {
        EXPECT_EQ(lane, lane_kind::wait);
        told.enter(call_phase::awaiting, scheduler_.now());
        counted_use const use{*this};
        auto const id = std::string{testing::id_of(request)};
        auto const asked = testing::asked_of(request);
        ++(asked ? kept_.held : kept_.read);
        auto const until = std::min(since_start() + asked.value_or(0ms), end_of(id));
        sleep_until held{scheduler_, at(std::max(until, since_start()) + round_trip), stop};
        if (!co_await held)
            co_return exchange_failure{failure{stop_error(stop.reason()), "stopped"},
                                       exchange_progress::sent};
        if (!kept_.reachable)
            co_return testing::fault(errc::connect_failed, exchange_progress::unsent);
        kept_.looks[id].push_back(since_start());
        auto const* const status = since_start() >= end_of(id) ? "succeeded" : "running";
        if (asked) co_return testing::seen(status, id);
        co_return testing::answer(200, testing::operation_text(id, status));
    }

private:
    struct counted_use {
        explicit counted_use(few_connections& of) : way{of} {
            way.kept_.most_at_a_time = std::max(way.kept_.most_at_a_time, ++way.in_use_);
        }
        counted_use(counted_use const&) = delete;
        counted_use& operator=(counted_use const&) = delete;
        ~counted_use() { --way.in_use_; }
        few_connections& way;
    };

    steady_time at(milliseconds since) const { return start_ + since; }
    milliseconds since_start() const {
        return std::chrono::floor<milliseconds>(scheduler_.now() - start_);
    }
    milliseconds end_of(std::string const& id) const {
        auto const found = kept_.ends.find(id);
        return found == kept_.ends.end() ? 1'000h : found->second;
    }

    record& kept_;
    std::size_t in_use_ = 0;
    steady_time start_ = scheduler_.now();
};

class crowded_waits : public ::testing::Test {
protected:
    void TearDown() override {
        stop.request(stop_reason::cancelled);
        time.settle();
        EXPECT_EQ(waiting, 0);
    }

    void connect(std::size_t capacity, client_config config = testing::config_of_nowhere()) {
        kept.capacity = capacity;
        core = detail::client_core::make(
            time.context().get_executor(), configure(config),
            {time.shared_time(), seeded_randomness(5), [this](scheduler& runs_on) {
                 return std::make_unique<few_connections>(runs_on, kept);
             }});
        begun = core->runs_on().now();
    }
    void wait_for(std::size_t first, std::size_t last, wait_options options = {}) {
        for (auto n = first; n < last; ++n)
            core->calls().spawn(one(std::to_string(n), options));
        time.settle();
    }
    milliseconds now() const {
        return std::chrono::floor<milliseconds>(core->runs_on().now() - begun);
    }

    /// From the end of the work to the end of the wait, of all that have ended.
    milliseconds longest_delay() const {
        milliseconds longest{0};
        for (auto const& [id, at] : told_at)
            longest = std::max(longest, at - std::max(kept.ends.at(id), 0ms));
        return longest;
    }
    /// Between two looks at the same work behind `after`.
    std::vector<milliseconds> gaps(milliseconds after) const {
        std::vector<milliseconds> found;
        for (auto const& [_, looks] : kept.looks)
            for (std::size_t n = 1; n < looks.size(); ++n)
                if (looks[n - 1] >= after) found.push_back(looks[n] - looks[n - 1]);
        std::sort(found.begin(), found.end());
        return found;
    }
    /// No work may be starved for the sake of others.
    void expect_fair(milliseconds after) const {
        auto const all = gaps(after);
        ASSERT_GE(all.size(), 100U);
        auto const median = all[all.size() / 2];
        std::cout << all.size() << " gaps, median " << median.count() << " ms, longest "
                  << all.back().count() << " ms; " << kept.held << " polls, " << kept.read
                  << " readings\n";
        EXPECT_LE(all.back(), 3 * median);
    }

    task<> one(std::string id, wait_options options) {
        ++waiting;
        auto& doing = told.emplace_back(core->runs_on().now());
        auto wait = testing::wait_for_end<operation>(*core, stop, doing, id, options);
        auto const ended = co_await wait;
        --waiting;
        if (ended && !ended->timed_out_waiting)
            told_at[id] = now();
        else if (ended)
            ++timed_out;
        else if (ended.error().code != boost::asio::error::operation_aborted)
            ++failed;
    }

    few_connections::record kept;
    testing::manual_context time;
    std::shared_ptr<detail::client_core> core;
    steady_time begun;
    stop_signal stop;
    std::list<listed_call> told;
    std::map<std::string, milliseconds> told_at;
    int waiting = 0;
    int timed_out = 0;
    int failed = 0;
};

TEST_F(crowded_waits, never_ask_for_more_than_there_is_room_for) {
    connect(10);
    wait_for(0, 200);
    time.pass(10min);
    EXPECT_EQ(kept.most_at_a_time, 10U);
    EXPECT_EQ(core->stats().wait_faults, 0);
    EXPECT_EQ(failed, 0);
}

TEST_F(crowded_waits, are_all_seen_at_once) {
    connect(10);
    wait_for(0, 1'000);
    time.pass(1'000 / 10 * round_trip);
    EXPECT_EQ(kept.looks.size(), 1'000U);
}

TEST_F(crowded_waits, take_turns_with_short_polls) {
    connect(100);
    wait_for(0, 1'000);
    time.pass(10min);
    EXPECT_GT(kept.held, kept.read);
    EXPECT_LE(gaps(0ms).back(), 20s + 1s);
    expect_fair(40s);
}

TEST_F(crowded_waits, take_turns_with_readings_when_they_are_very_many) {
    connect(10);
    wait_for(0, 2'000);
    time.pass(5min);
    EXPECT_EQ(kept.held, 0);
    EXPECT_LE(gaps(0ms).back(), 20s + 1s);
    EXPECT_LE(kept.read, 2'000 * (5min / 18s + 1)) << "once in the promised time, and no more";
    expect_fair(20s);
}

TEST_F(crowded_waits, are_fair_beyond_what_the_connections_can_do) {
    auto config = testing::config_of_nowhere();
    config.wait.look_within = 1s;
    connect(2, config);
    wait_for(0, 3'000); // a round of readings takes 3 s
    time.pass(2min);
    EXPECT_LE(gaps(0ms).back(), 5s);
    expect_fair(10s);
}

TEST_F(crowded_waits, tell_of_ends_within_the_promised_time) {
    for (auto const& [works, places] : {std::pair{500U, 100U}, std::pair{2'000U, 10U}}) {
        kept = {};
        told_at.clear();
        auto const chance = seeded_randomness(works);
        for (std::size_t n = 0; n < works; ++n)
            kept.ends[std::to_string(n)] = jittered(*chance, 5min);
        connect(places);
        wait_for(0, works);
        time.pass(6min);
        EXPECT_EQ(told_at.size(), works);
        std::cout << works << " over " << places << ": told " << longest_delay().count()
                  << " ms after the end at the latest\n";
        EXPECT_LE(longest_delay(), 20s + 1s);
    }
}

TEST_F(crowded_waits, grow_into_a_crowd_without_starving_who_comes_late) {
    connect(100);
    wait_for(0, 100);
    time.pass(5s);
    wait_for(100, 1'000);
    time.pass(100s);
    EXPECT_EQ(kept.looks.size(), 1'000U);
    auto latest = 0ms;
    for (auto const& [_, looks] : kept.looks)
        latest = std::max(latest, looks.front());
    EXPECT_LE(latest, 5s + 20s) << "those who hold the last places give them back so soon";
}

TEST_F(crowded_waits, keep_their_own_deadlines) {
    connect(10);
    wait_for(0, 2'000, {.within = 7s});
    time.pass(7s);
    EXPECT_EQ(waiting, 0);
    EXPECT_EQ(timed_out, 2'000) << "each has seen its work";
}

TEST_F(crowded_waits, hold_polls_for_long_again_when_the_crowd_is_gone) {
    connect(10);
    for (int n = 5; n < 500; ++n)
        kept.ends[std::to_string(n)] = 1min;
    wait_for(0, 500);
    time.pass(3min);
    ASSERT_EQ(waiting, 5);
    auto const before = kept.held + kept.read;
    time.pass(500s);
    EXPECT_LE(kept.held + kept.read - before, 5 * 12) << "slices of about 50 s";
}

TEST_F(crowded_waits, lose_no_contact_while_they_queue) {
    auto config = testing::config_of_nowhere();
    config.wait.look_within = 60s;
    config.wait.lost_contact_after = 10s;
    connect(10, config);
    wait_for(0, 100);
    time.pass(5min);
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(waiting, 100);
    kept.reachable = false;
    time.pass(5min);
    EXPECT_EQ(failed, 100) << "nobody was answered any more";
}

TEST_F(crowded_waits, come_back_after_an_outage) {
    connect(10);
    wait_for(0, 300);
    time.pass(1min);
    kept.reachable = false;
    time.pass(2min);
    kept.reachable = true;
    auto const back = now();
    time.pass(60s);
    std::size_t seen_again = 0;
    for (auto const& [_, looks] : kept.looks)
        if (looks.back() > back) ++seen_again;
    EXPECT_EQ(seen_again, 300U);
    EXPECT_EQ(failed, 0);
}

TEST_F(crowded_waits, give_their_places_to_others_when_they_are_cancelled) {
    connect(10);
    stop_signal those{stop};
    wait_for(0, 300);
    time.pass(30s);
    stop.request(stop_reason::cancelled);
    time.settle();
    EXPECT_EQ(waiting, 0);
    EXPECT_EQ(core->waits().explain(1).awaiting_connection, 0U);
    stop_signal fresh;
    auto& doing = told.emplace_back(core->runs_on().now());
    auto last = std::make_shared<bool>(false);
    kept.ends["last"] = now() + 1s;
    core->calls().spawn([](auto& c, auto& s, auto& d, auto ended) -> task<> {
        auto wait = testing::wait_for_end<operation>(c, s, d, "last", wait_options{});
        auto const result = co_await wait;
        *ended = result.has_value();
    }(*core, fresh, doing, last));
    time.pass(2s);
    EXPECT_TRUE(*last);
}

TEST_F(crowded_waits, notice_that_there_is_room_again) {
    connect(3);
    wait_for(0, 50);
    time.pass(5s);
    kept.capacity = 100;
    time.pass(1s + 10 * round_trip);
    EXPECT_EQ(kept.most_at_a_time, 50U) << "though no poll has ended";
}

TEST_F(crowded_waits, tell_their_places_in_the_queue) {
    connect(3);
    wait_for(0, 50);
    time.pass(30s);
    auto const seen = core->waits().explain(1);
    EXPECT_EQ(seen.polled, 50U);
    EXPECT_EQ(seen.awaiting_connection, 47U);
}

} // namespace
} // namespace bctrl
