#include "unit/api/wait_bench.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

/// A service behind one connection: one request is held for as long as it asks, the others queue.
class narrow_way final : public transport {
public:
    explicit narrow_way(scheduler& runs_on) : scheduler_{runs_on} {}

    task<exchange_outcome> exchange(wire_request request, lane_kind, stop_signal& stop,
                                    activity& told) override {
        told.enter(call_phase::queued, scheduler_.now());
        while (taken_ && !stop.requested()) {
            parking place{scheduler_, stop};
            queue_.push_back(&place);
            co_await place;
            std::erase(queue_, &place);
        }
        if (!stop.requested()) {
            taken_ = true;
            told.enter(call_phase::awaiting, scheduler_.now());
            sleep_until held{scheduler_, later(scheduler_.now(), *testing::asked_of(request)),
                             stop};
            auto const answered = co_await held;
            taken_ = false;
            if (!queue_.empty()) queue_.front()->wake();
            if (answered) co_return testing::seen("running", testing::id_of(request));
        }
        co_return exchange_failure{failure{stop_error(stop.reason()), "stopped"},
                                   exchange_progress::unsent};
    }

    std::vector<lane_explanation> explain() const override { return {}; }
    void close() noexcept override {}
    task<> closed() override {
        next_turn pause{scheduler_};
        co_await pause;
    }
    void shut_down() noexcept override {}

private:
    scheduler& scheduler_;
    std::deque<parking*> queue_;
    bool taken_ = false;
};

task<> wait_for(detail::client_core& core, stop_signal& stop, activity& told, std::string id) {
    auto wait = wait_for_end<operation>(core, stop, told, std::move(id), wait_options{});
    auto const ended = co_await wait;
    EXPECT_FALSE(ended) << "nothing ever ends here";
}

TEST(queued_waits, are_not_taken_for_lost) {
    testing::manual_context time;
    auto const core = detail::client_core::make(
        time.context().get_executor(), configure(testing::config_of_nowhere()),
        {time.shared_time(), seeded_randomness(1),
         [](scheduler& runs_on) { return std::make_unique<narrow_way>(runs_on); }});
    stop_signal stop;
    std::list<activity> told;
    for (auto const* const id : {"1", "2", "3"})
        core->calls().spawn(wait_for(*core, stop, told.emplace_back(), id));
    time.pass(1h);
    EXPECT_EQ(core->stats().wait_faults, 0) << "to queue for a connection is no fault";
    EXPECT_GT(core->stats().slices, 60);
    stop.request(stop_reason::cancelled);
    time.settle();
}

} // namespace
} // namespace bctrl
