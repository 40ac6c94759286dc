#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"

#include "support/seed.hpp"
#include "unit/api/wait_task.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <iostream>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::simulated_bench;
using testing::simulated_service;

constexpr auto slice = 50s;

/// How many histories are played; the variable BCTRL_TEST_HISTORIES asks for more.
int histories() {
    auto const* const wanted = std::getenv("BCTRL_TEST_HISTORIES");
    return wanted ? std::stoi(wanted) : 100'000;
}

/// One piece of work, as its server knows it.
struct work {
    milliseconds life{};
    std::string_view ending;
    double faults = 0;    ///< how many of the requests meet one
    double hasty = 0;     ///< how many polls are answered early
    bool refused = false; ///< in the end the server does not know it any more
    steady_time begun;

    int open = 0;          ///< polls that are being held
    int waiting = 0;       ///< waits that have not ended
    int cancels = 0;       ///< cancels that were asked for
    bool told_end = false; ///< an answer has told of the end
    bool told_gone = false;

    bool has_ended(steady_time now) const noexcept { return now >= begun + life; }
};

/// One wait in a history, and what is expected of it.
struct one_wait {
    std::string id;
    work* on = nullptr;
    std::optional<steady_time> until;
    abandonment promise = abandonment::leave;
    stop_signal stop;
    bool stopped = false;
    bool over = false;
    wait_account account;
};

/// How often what happened, to see that everything does.
struct tally {
    long polls = 0;
    long faults = 0;
    long cancels = 0;
    long ended = 0;
    long out_of_time = 0;
    long cancelled = 0;
    long refused = 0;
    long nothing_seen = 0;
    long lost = 0;
};

/// Plays random waits against a random server, and checks after each of them that nothing was told
/// that the server did not justify.
class histories_of_waits {
public:
    histories_of_waits(std::uint64_t seed, tally& counts)
        : counts_{counts},
          chance_{seeded_randomness(seed)},
          bench_{testing::config_of_nowhere(), seed,
                 [this](auto const& request, auto begun) { return fate_of(request, begun); }} {}

    /// @returns what was wrong; nothing if all was right
    std::optional<std::string> play() {
        wrong_.reset();
        works_.clear();
        waits_.clear();
        told_.clear();
        auto const pieces = 1 + pick(2);
        for (int n = 0; n < pieces; ++n)
            works_.push_back(some_work());
        auto const count = 1 + pick(5);
        for (int n = 0; n < count; ++n) {
            begin_wait();
            if (pick(2) == 0) bench_.pass(some_time(70s));
            if (pick(3) == 0) stop_one();
        }
        for (int step = 0; step < 40 && running_ > 0; ++step) {
            bench_.pass(some_time(step < 20 ? 30s : 20min));
            if (pick(6) == 0) stop_one();
        }
        for (auto& each : waits_)
            stop(each);
        bench_.pass(6s);
        check_that_nothing_is_left();
        return wrong_;
    }

private:
    int pick(int from) { return static_cast<int>(chance_->next() % static_cast<unsigned>(from)); }
    milliseconds some_time(milliseconds most) { return jittered(*chance_, most) + 1ms; }
    void blame(std::string what) {
        if (!wrong_) wrong_ = std::move(what);
    }

    work some_work() {
        constexpr std::string_view endings[] = {"succeeded", "failed", "cancelled"};
        work made;
        made.life = pick(4) == 0 ? 0ms : some_time(pick(3) == 0 ? 20min : 1min);
        made.ending = endings[pick(3)];
        made.faults = pick(3) == 0 ? 0.3 * pick(4) : 0;
        made.hasty = pick(4) == 0 ? 0.5 : 0;
        made.refused = pick(10) == 0;
        made.begun = bench_.now();
        return made;
    }

    /// The name of a piece of work: its number, and that of the history, for late requests.
    std::string id_of(work const& one) const {
        auto n = 0;
        for (auto const& each : works_) {
            if (&each == &one) break;
            ++n;
        }
        return std::to_string(n);
    }
    work& work_of(wire_request const& request) {
        return works_.at(std::stoul(std::string{testing::id_of(request)}));
    }

    void begin_wait() {
        auto& w = waits_.emplace_back();
        w.on = &works_.at(static_cast<std::size_t>(pick(static_cast<int>(works_.size()))));
        w.id = id_of(*w.on);
        wait_options options;
        if (pick(2) == 0) options.within = some_time(pick(2) == 0 ? 2s : 3min);
        if (options.within) w.until = bench_.now() + *options.within;
        w.promise = static_cast<abandonment>(pick(3));
        options.on_abandon = w.promise;
        options.account = &w.account;
        // What was told to those before it is not known to it.
        if (w.on->waiting == 0) w.on->told_end = w.on->told_gone = false;
        ++w.on->waiting;
        ++running_;
        bench_.core().calls().spawn(wait_for(w, options));
        bench_.settle();
    }

    void stop_one() {
        stop(waits_.at(static_cast<std::size_t>(pick(static_cast<int>(waits_.size())))));
    }

    void stop(one_wait& w) {
        if (w.over) return;
        auto const left = w.on->waiting;
        auto const before = w.on->cancels;
        w.stopped = true;
        w.stop.request(stop_reason::cancelled);
        bench_.settle();
        if (!w.over) return blame("a wait did not end in the turn in which it was cancelled");
        auto const promised = w.promise == abandonment::cancel_remote ||
                              (w.promise == abandonment::cancel_if_last && left == 1);
        auto const sent = w.on->cancels - before;
        // One that is under way already serves the next.
        if (sent > (promised ? 1 : 0)) blame("a cancel that nobody promised");
        if (promised && w.on->cancels == 0) blame("no cancel though it was promised");
    }

    task<> wait_for(one_wait& w, wait_options options) {
        auto& told = told_.emplace_back(bench_.now());
        auto wait = testing::wait_for_end<operation>(bench_.core(), w.stop, told, w.id, options);
        auto const ended = co_await wait;
        w.over = true;
        --w.on->waiting;
        --running_;
        check(w, ended);
    }

    void check(one_wait const& w, rpc::call_outcome<operation_wait_result> const& ended) {
        auto const now = bench_.now();
        if (w.until && now > *w.until + 1ms) blame("a deadline was exceeded");
        if (ended)
            check_value(w, *ended);
        else
            check_error(w, ended.error());
    }

    void check_value(one_wait const& w, operation_wait_result const& seen) {
        ++(seen.timed_out_waiting ? counts_.out_of_time : counts_.ended);
        if (seen.timed_out_waiting) {
            if (!w.until || bench_.now() < *w.until) blame("out of time before its time");
            if (is_terminal(seen.operation.status)) blame("an end that is called none");
            return;
        }
        if (!w.on->told_end) blame("an end that the server has not told");
        if (seen.operation.status.text() != w.on->ending) blame("another end than the server's");
    }

    void check_error(one_wait const& w, rpc::call_failure const& failed) {
        auto const& code = failed.code;
        if (code == boost::asio::error::operation_aborted) {
            ++counts_.cancelled;
            if (!w.stopped) blame("cancelled by nobody");
        } else if (code == errc::not_found) {
            ++counts_.refused;
            if (!w.on->told_gone) blame("refused by nobody");
        } else if (code == errc::deadline_exceeded) {
            ++counts_.nothing_seen;
            if (!w.until || bench_.now() < *w.until) blame("out of time before its time");
            if (failed.details->last_operation) blame("a state was seen and is not the value");
        } else if (code == errc::lost_contact) {
            ++counts_.lost;
            if (w.until) blame("lost contact in spite of a deadline");
            if (w.on->faults == 0) blame("lost contact without a fault");
        } else {
            blame("an unforeseen error: " + code.message());
        }
    }

    void check_that_nothing_is_left() {
        if (running_ > 0) blame("a wait is left");
        if (bench_.service().open() > 0) blame("a request is left");
        for (auto const& each : works_)
            if (each.open != 0 || each.waiting != 0) blame("a poll is left");
    }

    simulated_service::fate fate_of(wire_request const& request, steady_time begun) {
        auto& on = work_of(request);
        if (request.target.ends_with("/cancel")) {
            ++on.cancels;
            ++counts_.cancels;
            return {begun + 3ms, [this, &on, id = id_of(on)] {
                        return testing::answer(200, testing::operation_text(id, state_of(on)));
                    }};
        }
        ++counts_.polls;
        check_request(request, on);
        return fate_of_poll(on, *testing::asked_of(request), begun);
    }

    void check_request(wire_request const& request, work const& on) {
        auto const asked = testing::asked_of(request);
        if (!asked) return blame("a poll that asks for nothing");
        if (*asked < 1ms || *asked > slice) blame("a poll asks for what no poll may ask for");
        if (on.waiting == 0) blame("a poll though nobody waits");
        if (on.told_end || on.told_gone) blame("a poll behind the end");
        if (bench_.service().open() > static_cast<int>(works_.size()) + cancels_under_way())
            blame("two polls for one piece of work");
        auto latest = bench_.now();
        for (auto const& each : waits_)
            if (each.on == &on && !each.over)
                latest = std::max(latest, each.until.value_or(steady_time::max()));
        if (latest != steady_time::max() &&
            *asked > std::max(1ms, std::chrono::ceil<milliseconds>(latest - bench_.now())))
            blame("a poll asks for more than is left");
    }
    int cancels_under_way() const {
        int count = 0;
        for (auto const& each : works_)
            count += each.cancels;
        return count;
    }

    simulated_service::fate fate_of_poll(work& on, milliseconds asked, steady_time begun) {
        auto const id = id_of(on);
        if (fraction(*chance_) < on.faults)
            return {begun + some_time(pick(2) == 0 ? 10ms : 40s), [this] { return a_fault(); }};
        auto const hasty = fraction(*chance_) < on.hasty;
        auto const ends = on.begun + on.life;
        auto const held = hasty ? begun + 2ms : std::clamp(ends, begun, begun + asked) + 2ms;
        return {held, [this, &on, id] { return state_told(on, id); }};
    }

    std::optional<exchange_outcome> state_told(work& on, std::string const& id) {
        if (!on.has_ended(bench_.now())) return testing::seen(state_of(on), id);
        if (on.refused) {
            on.told_gone = true;
            return testing::answer(404, R"({"error":"gone"})");
        }
        on.told_end = true;
        return testing::seen(on.ending, id);
    }
    std::string_view state_of(work const& on) {
        return on.has_ended(bench_.now()) ? on.ending : "running";
    }

    exchange_outcome a_fault() {
        ++counts_.faults;
        constexpr int statuses[] = {408, 429, 500, 502, 503, 504, 520, 524};
        constexpr errc errors[] = {errc::connect_failed, errc::resolve_failed, errc::tls_failed,
                                   errc::connection_lost};
        auto const which = pick(12);
        if (which < 8) return testing::answer(statuses[which], "{}");
        return testing::fault(errors[which - 8], exchange_progress::sent);
    }

    tally& counts_;
    std::shared_ptr<randomness> chance_;
    std::deque<work> works_;
    std::deque<one_wait> waits_;
    std::list<listed_call> told_;
    std::optional<std::string> wrong_;
    int running_ = 0;
    simulated_bench bench_;
};

TEST(wait_histories, tell_only_what_the_server_justifies) {
    // A client lives through many histories: what it learns in one must do no harm in the next.
    constexpr int per_client = 500;
    auto const first = testing::seed();
    std::cout << "seed " << first << ", " << histories() << " histories\n";
    tally counts;
    for (int n = 0; n < histories(); n += per_client) {
        auto const seed = first + static_cast<std::uint64_t>(n);
        histories_of_waits played{seed, counts};
        for (int each = 0; each < per_client; ++each) {
            auto const wrong = played.play();
            ASSERT_FALSE(wrong) << *wrong << "; BCTRL_TEST_SEED=" << seed << ", history " << each;
        }
    }
    std::cout << counts.polls << " polls, " << counts.faults << " faults, " << counts.cancels
              << " cancels; waits: " << counts.ended << " ended, " << counts.out_of_time
              << " out of time, " << counts.nothing_seen << " without having seen anything, "
              << counts.cancelled << " cancelled, " << counts.refused << " refused, " << counts.lost
              << " lost contact\n";
    for (auto const each :
         {counts.polls, counts.faults, counts.cancels, counts.ended, counts.out_of_time,
          counts.cancelled, counts.refused, counts.nothing_seen, counts.lost})
        EXPECT_GT(each, 0);
}

} // namespace
} // namespace bctrl
