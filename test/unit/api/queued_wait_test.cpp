#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <list>
#include <map>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

/// A service behind one connection: one request is held, the others queue.
class narrow_way final : public testing::lane_less_transport {
public:
    using hold = std::function<milliseconds(wire_request const&)>;

    /// @param served counts the answers by id
    narrow_way(scheduler& runs_on, hold holds, std::map<std::string, int>& served)
        : lane_less_transport{runs_on}, holds_{std::move(holds)}, served_{served} {}

    task<exchange_outcome> exchange(wire_request const& request, lane_kind, stop_signal& stop,
                                    activity& told) override {
        told.enter(call_phase::queued, scheduler_.now());
        auto mine = !std::exchange(taken_, true);
        if (!mine) {
            parking place{scheduler_, stop};
            queue_.push_back(&place);
            mine = co_await place;
            std::erase(queue_, &place);
        }
        if (mine) {
            told.enter(call_phase::awaiting, scheduler_.now());
            sleep_until held{scheduler_, later(scheduler_.now(), holds_(request)), stop};
            auto const answered = co_await held;
            hand_on();
            if (answered) co_return served(request);
        }
        co_return exchange_failure{failure{stop_error(stop.reason()), "stopped"},
                                   exchange_progress::unsent};
    }

private:
    exchange_outcome served(wire_request const& request) {
        auto const id = testing::id_of(request);
        ++served_[std::string{id}];
        return testing::seen("running", id);
    }
    void hand_on() {
        taken_ = !queue_.empty();
        if (queue_.empty()) return;
        queue_.front()->wake();
        queue_.pop_front();
    }

    hold holds_;
    std::map<std::string, int>& served_;
    std::deque<parking*> queue_;
    bool taken_ = false;
};

/// Three waits on different work over the narrow way.
class queued_waits : public ::testing::Test {
protected:
    void begin(narrow_way::hold holds) {
        core = detail::client_core::make(
            time.context().get_executor(), configure(testing::config_of_nowhere()),
            {time.shared_time(), seeded_randomness(1), [this, holds](scheduler& runs_on) {
                 return std::make_unique<narrow_way>(runs_on, holds, served);
             }});
        for (auto const* const id : {"1", "2", "3"})
            core->calls().spawn(wait_for(id));
    }
    void TearDown() override {
        stop.request(stop_reason::cancelled);
        time.settle();
    }
    task<> wait_for(std::string id) {
        auto wait = testing::wait_for_end<operation>(*core, stop, told.emplace_back(),
                                                     std::move(id), wait_options{});
        auto const ended = co_await wait;
        EXPECT_FALSE(ended) << "nothing ever ends here";
    }

    testing::manual_context time;
    std::map<std::string, int> served;
    std::shared_ptr<detail::client_core> core;
    stop_signal stop;
    std::list<listed_call> told;
};

TEST_F(queued_waits, are_not_taken_for_lost) {
    begin([](auto const& request) { return *testing::asked_of(request); });
    time.pass(1h);
    EXPECT_EQ(core->stats().wait_faults, 0) << "to queue for a connection is no fault";
    for (auto const* const id : {"1", "2", "3"})
        EXPECT_GE(served[id], 20) << id;
}

TEST_F(queued_waits, are_paced_though_they_queued_for_long) {
    begin([first = true](auto const&) mutable { return std::exchange(first, false) ? 40s : 0s; });
    time.pass(40s);
    EXPECT_EQ(core->stats().slices, 1) << "the others queued for so long, and were not held";
}

} // namespace
} // namespace bctrl
