// A lane under a million random steps, over sockets and dials that a script ends. Time is manual.

#include "transport/pool/lane.hpp"

#include "scripted_dialler.hpp"
#include "support/seed.hpp"
#include "support/strand_bench.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::pool {
namespace {

using namespace std::chrono_literals;

constexpr lane_limits limits{8, 16};
constexpr dial_limits pace{50, 4};

/// One call, from its asking for a connection until it gives it back.
struct caller {
    explicit caller(std::uint64_t n) : number{n} {}

    std::uint64_t number; ///< in the order of asking
    stop_signal stop;
    activity told;
    std::optional<outcome<lease, failure>> got;
};

task<> ask(lane& from, caller& who) {
    auto got = co_await from.acquire(who.stop, who.told);
    who.got.emplace(std::move(got));
}

/// The calls that have not ended. Each keeps its place in memory: its frame refers to it.
class call_list {
public:
    caller& add(std::uint64_t n) { return *all_.emplace_back(std::make_unique<caller>(n)); }
    std::size_t size() const noexcept { return all_.size(); }
    bool empty() const noexcept { return all_.empty(); }
    caller& operator[](std::size_t n) { return *all_[n]; }
    void forget(caller const& who) {
        std::erase_if(all_, [&](auto const& each) { return each.get() == &who; });
    }
    void clear() noexcept { all_.clear(); }

private:
    std::vector<std::unique_ptr<caller>> all_;
};

class random_lane : public ::testing::Test {
protected:
    random_lane() { open(); }
    ~random_lane() override { bench.scope().destroy_all(); }

    void open() {
        tried = std::make_unique<lane>(bench.runs_on(), lane_kind::control, by, gate, streams,
                                       lane_settings{limits, 10s, 2s, 20s, 5s});
    }

    void step() {
        auto const dice = draw(1'000);
        if (dice < 300) return begin();
        if (dice < 520) return end_exchange(true);
        if (dice < 570) return end_exchange(false);
        if (dice < 620) return cancel();
        if (dice < 850) return end_dial();
        if (dice < 890) return disturb_peer();
        if (dice < 900) return tried->distrust(bench.runs_on().now() - milliseconds{draw(2'000)});
        if (dice < 930) return pass(milliseconds{draw(draw(20) == 0 ? 3'000 : 50)});
    }

    void begin() {
        auto& who = calls.add(next_number++);
        bench.scope().begin(ask(*tried, who));
    }
    void end_exchange(bool keep) {
        auto* const who = any([](auto const& each) { return each.got && each.got->has_value(); });
        if (!who) return;
        if (keep) (*who->got)->keep_open();
        calls.forget(*who);
    }
    void cancel() {
        auto* const who = any([](auto const& each) { return !each.got; });
        if (who) who->stop.request(stop_reason::cancelled);
    }
    void end_dial() {
        if (by.under_way() == 0) return;
        auto const n = draw(by.under_way());
        switch (draw(12)) {
            case 0:
                return by.fail(errc::connect_failed, n);
            case 1:
                return by.fail(errc::too_many_descriptors, n);
            case 2:
                return by.fail(errc::out_of_memory, n);
            default:
                return by.succeed(n);
        }
    }
    void disturb_peer() {
        by.sweep();
        if (by.peers() == 0) return;
        auto const n = draw(by.peers());
        if (draw(4) == 0)
            by.send_unasked(n);
        else
            by.close_peer(n);
    }
    void pass(milliseconds length) {
        bench.pass(length);
        settled();
    }

    /// What must hold when nothing is left to run: nobody waits beside what is free or may be
    /// dialled, nobody was overtaken, no limit is exceeded.
    void settled() {
        bench.settle();
        auto const seen = tried->explain();
        std::size_t waiting = 0;
        std::size_t leased = 0;
        auto oldest = std::numeric_limits<std::uint64_t>::max();
        for (auto n = calls.size(); n-- > 0;) {
            auto& each = calls[n];
            if (!each.got) {
                ++waiting;
                oldest = std::min(oldest, each.number);
            } else if (each.got->has_value()) {
                ++leased;
                last_served = std::max(last_served, each.number);
            } else {
                check(each);
                calls.forget(each);
            }
        }
        ASSERT_EQ(seen.queued, waiting);
        ASSERT_EQ(bench.live().queued, static_cast<std::int64_t>(waiting));
        ASSERT_EQ(seen.in_use, leased);
        ASSERT_LE(tried->connections(), limits.connections);
        ASSERT_EQ(bench.live().sockets + bench.live().dials,
                  static_cast<std::int64_t>(tried->connections()));
        ASSERT_LE(by.under_way(), pace.at_once);
        ASSERT_LE(waiting, limits.connections + limits.queue);
        ASSERT_TRUE(waiting == 0 || seen.idle == 0) << "a free connection, and somebody waits";
        ASSERT_TRUE(waiting == 0 || seen.open + seen.dialling() > 0 || bench.time().next_alarm())
            << "nothing will ever serve those who wait";
        ASSERT_GT(oldest, last_served) << "somebody was overtaken";
    }
    /// Only what was scripted may come to a caller.
    void check(caller const& ended) {
        auto const code = ended.got->error().code;
        auto const expected = ended.stop.requested()
                                  ? code == boost::asio::error::operation_aborted
                                  : code == errc::connect_failed ||
                                        code == errc::too_many_descriptors ||
                                        code == errc::out_of_memory || code == errc::queue_full ||
                                        code == errc::queue_timeout;
        EXPECT_TRUE(expected) << code.message();
    }

    /// Lets everybody be served: nobody may be left behind.
    void serve_all() {
        for (int round = 0; round < 1'000 && !calls.empty(); ++round) {
            for (auto n = calls.size(); n-- > 0;)
                if (calls[n].got && calls[n].got->has_value()) {
                    (*calls[n].got)->keep_open();
                    calls.forget(calls[n]);
                }
            while (by.under_way() > 0)
                by.succeed();
            pass(100ms);
        }
        ASSERT_TRUE(calls.empty()) << "a wake-up was lost";
    }
    void close() {
        tried->close();
        while (auto* const who = any([](auto const& each) { return each.got.has_value(); }))
            calls.forget(*who);
        bench.settle();
        calls.clear();
        bench.settle();
        ASSERT_EQ(tried->connections(), 0U);
        by.sweep();
        ASSERT_EQ(by.peers(), 0U);
        auto const& live = bench.live();
        ASSERT_EQ(live.sockets + live.dials + live.queued + live.watches, 0);
    }

    std::size_t draw(std::size_t below) { return chance() % below; }
    template <class Wanted>
    caller* any(Wanted wanted) {
        if (calls.empty()) return nullptr;
        auto const from = draw(calls.size());
        for (std::size_t n = 0; n < calls.size(); ++n)
            if (auto& each = calls[(from + n) % calls.size()]; wanted(each)) return &each;
        return nullptr;
    }
    std::uint64_t const seed = testing::seed();
    std::mt19937_64 chance{seed};
    testing::strand_bench bench;
    testing::scripted_dialler by{bench.runs_on()};
    dial_gate gate{bench.runs_on(), pace};
    stream_memory streams{1};
    std::unique_ptr<lane> tried;
    std::uint64_t next_number = 1;
    std::uint64_t last_served = 0;
    call_list calls;
};

TEST_F(random_lane, keeps_its_promises_in_a_million_steps) {
    SCOPED_TRACE("BCTRL_TEST_SEED=" + std::to_string(seed));
    for (int n = 1; n <= 1'000'000; ++n) {
        step();
        if (draw(3) == 0) settled();
        if (n % 10'000 == 0) serve_all();
        if (n % 50'000 == 0) {
            for (int more = 0; more < 30; ++more)
                step();
            close();
            open();
        }
        ASSERT_FALSE(HasFailure()) << "in step " << n;
    }
    auto const& live = bench.live();
    EXPECT_GT(live.connections, 10'000);
    EXPECT_GT(live.queue_refusals, 0);
    EXPECT_GT(live.queue_timeouts, 0);
    EXPECT_GT(live.dials_failed, 1'000);
}

} // namespace
} // namespace bctrl::pool
