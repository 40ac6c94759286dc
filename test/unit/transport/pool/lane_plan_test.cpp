#include "transport/pool/lane_plan.hpp"

#include "support/seed.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace bctrl::pool {
namespace {

class plan : public ::testing::Test {
protected:
    /// Opens `count` connections, each serving `capacity` exchanges.
    void open(std::size_t count, std::size_t capacity = 1) {
        for (std::size_t n = 0; n < count; ++n) {
            auto const slot = three.begin_dial(count);
            ASSERT_TRUE(slot);
            three.dialled(*slot, capacity);
        }
    }

    lane_plan three{{3, 2}};
    std::shared_ptr<randomness> chance = seeded_randomness(1);
};

TEST_F(plan, has_nothing_to_give_at_first) {
    EXPECT_FALSE(three.take(*chance));
    EXPECT_EQ(three.connections(), 0U);
    EXPECT_EQ(three.slots(), 0U);
}

TEST_F(plan, dials_one_for_each_that_waits) {
    EXPECT_FALSE(three.begin_dial(0));
    EXPECT_EQ(three.begin_dial(1), 0U);
    EXPECT_EQ(three.state(0), slot_state::dialling);
    EXPECT_FALSE(three.begin_dial(1)) << "the dial under way will serve it";
    EXPECT_EQ(three.begin_dial(2), 1U);
    EXPECT_EQ(three.dialling(), 2U);
    EXPECT_EQ(three.connections(), 2U);
}

TEST_F(plan, never_dials_beyond_the_limit) {
    for (int n = 0; n < 3; ++n)
        EXPECT_TRUE(three.begin_dial(100));
    EXPECT_FALSE(three.begin_dial(100));
}

TEST_F(plan, a_connection_dialled_can_be_taken) {
    auto const slot = three.begin_dial(1);
    EXPECT_FALSE(three.take(*chance));
    three.dialled(*slot, 1);
    EXPECT_EQ(three.state(*slot), slot_state::open);
    EXPECT_TRUE(three.idle(*slot));
    EXPECT_EQ(three.take(*chance), slot);
    EXPECT_FALSE(three.idle(*slot));
    EXPECT_FALSE(three.take(*chance));
}

TEST_F(plan, a_dial_that_failed_makes_room) {
    for (int n = 0; n < 3; ++n)
        three.begin_dial(100);
    three.dial_failed(1, dial_fault::of_memory);
    EXPECT_EQ(three.state(1), slot_state::vacant);
    EXPECT_EQ(three.connections(), 2U);
    EXPECT_EQ(three.begin_dial(100), 1U) << "slots are used again";
    EXPECT_EQ(three.slots(), 3U);
}

TEST_F(plan, tells_of_a_failed_dial_those_who_would_only_hear_the_same) {
    constexpr std::size_t none = 0, some = 1;
    struct {
        dial_fault why;
        std::size_t open;
        std::size_t others_dialled;
        dial_news expected;
    } const table[] = {
        {dial_fault::of_peer, none, none, dial_news::all},
        {dial_fault::of_peer, none, some, dial_news::oldest},
        {dial_fault::of_peer, some, none, dial_news::all},
        {dial_fault::of_peer, some, some, dial_news::oldest},
        {dial_fault::of_descriptors, none, none, dial_news::all},
        {dial_fault::of_descriptors, none, some, dial_news::nobody},
        {dial_fault::of_descriptors, some, none, dial_news::nobody},
        {dial_fault::of_memory, none, none, dial_news::oldest},
        {dial_fault::of_memory, some, some, dial_news::oldest},
    };
    for (auto const& [why, open, others, expected] : table) {
        lane_plan tried{{3, 2}};
        if (open > 0) tried.dialled(*tried.begin_dial(9), 1);
        auto const failing = *tried.begin_dial(9);
        if (others > 0) tried.begin_dial(9);
        EXPECT_EQ(tried.dial_failed(failing, why), expected)
            << static_cast<int>(why) << ", " << open << " open, " << others << " others";
    }
}

TEST_F(plan, dials_one_at_a_time_from_a_fault_that_others_would_meet_to_a_success) {
    for (auto const why : {dial_fault::of_peer, dial_fault::of_descriptors}) {
        lane_plan tried{{3, 2}};
        tried.begin_dial(9);
        tried.begin_dial(9);
        tried.dial_failed(0, why);
        EXPECT_FALSE(tried.wants_dial(9)) << "another one is under way, and will tell";
        tried.dial_failed(1, why);
        auto const slot = tried.begin_dial(9);
        ASSERT_TRUE(slot);
        EXPECT_FALSE(tried.begin_dial(9));
        tried.dialled(*slot, 1);
        EXPECT_TRUE(tried.begin_dial(9));
        EXPECT_TRUE(tried.begin_dial(9));
    }
}

TEST_F(plan, goes_on_dialling_after_a_fault_of_its_own) {
    three.begin_dial(9);
    three.begin_dial(9);
    three.dial_failed(0, dial_fault::of_memory);
    EXPECT_TRUE(three.wants_dial(9));
}

TEST_F(plan, takes_what_was_given_back_last) {
    open(3);
    for (int n = 0; n < 3; ++n)
        three.take(*chance);
    EXPECT_EQ(three.give_back(1, true), slot_action::keep);
    EXPECT_EQ(three.give_back(0, true), slot_action::keep);
    EXPECT_EQ(three.give_back(2, true), slot_action::keep);
    EXPECT_EQ(three.take(*chance), 2U);
    EXPECT_EQ(three.take(*chance), 0U);
    EXPECT_EQ(three.take(*chance), 1U);
}

TEST_F(plan, closes_what_cannot_be_used_again) {
    open(1);
    auto const slot = three.take(*chance);
    EXPECT_EQ(three.give_back(*slot, false), slot_action::close);
    EXPECT_EQ(three.state(*slot), slot_state::vacant);
    EXPECT_FALSE(three.take(*chance));
    EXPECT_EQ(three.connections(), 0U);
}

TEST_F(plan, retires_an_idle_connection_at_once) {
    open(2);
    EXPECT_EQ(three.retire(0), slot_action::close);
    EXPECT_EQ(three.take(*chance), 1U);
    EXPECT_FALSE(three.take(*chance));
}

TEST_F(plan, retires_a_busy_connection_when_it_is_given_back) {
    open(1);
    auto const slot = *three.take(*chance);
    EXPECT_EQ(three.retire(slot), slot_action::keep);
    EXPECT_EQ(three.state(slot), slot_state::draining);
    EXPECT_EQ(three.retire(slot), slot_action::keep) << "twice is as good as once";
    EXPECT_EQ(three.connections(), 1U) << "it counts while it is open";
    EXPECT_EQ(three.give_back(slot, true), slot_action::close);
    EXPECT_EQ(three.connections(), 0U);
}

TEST_F(plan, fills_a_connection_that_serves_several) {
    open(1, 2);
    EXPECT_EQ(three.take(*chance), 0U);
    EXPECT_EQ(three.take(*chance), 0U);
    EXPECT_FALSE(three.take(*chance));
    EXPECT_EQ(three.give_back(0, true), slot_action::keep);
    EXPECT_EQ(three.take(*chance), 0U);
}

TEST_F(plan, follows_a_connection_that_serves_fewer_and_more) {
    open(1, 2);
    three.take(*chance);
    three.resize(0, 1);
    EXPECT_FALSE(three.take(*chance));
    three.resize(0, 3);
    EXPECT_EQ(three.take(*chance), 0U);
    EXPECT_EQ(three.take(*chance), 0U);
    EXPECT_FALSE(three.take(*chance));
    three.resize(0, 1);
    three.give_back(0, true);
    three.give_back(0, true);
    EXPECT_FALSE(three.take(*chance)) << "it still serves one, and that is all it may";
    three.give_back(0, true);
    EXPECT_EQ(three.take(*chance), 0U);
}

TEST_F(plan, takes_none_from_a_connection_that_serves_nothing_for_now) {
    open(1, 2);
    three.resize(0, 0);
    EXPECT_FALSE(three.take(*chance));
    EXPECT_EQ(three.connections(), 1U);
    three.resize(0, 2);
    EXPECT_EQ(three.take(*chance), 0U);
}

TEST_F(plan, spreads_over_connections_that_serve_many) {
    open(3, 1'000);
    for (int n = 0; n < 300; ++n)
        ASSERT_TRUE(three.take(*chance));
    for (slot_id slot = 0; slot < 3; ++slot) {
        std::size_t freed = 0;
        while (!three.idle(slot)) {
            three.give_back(slot, true);
            ++freed;
        }
        EXPECT_GT(freed, 90U) << slot;
        EXPECT_LT(freed, 110U) << slot;
    }
}

TEST_F(plan, dials_no_more_connections_than_those_who_wait_will_fill) {
    three.expect(10);
    EXPECT_TRUE(three.begin_dial(1));
    EXPECT_FALSE(three.begin_dial(10)) << "the dial under way will serve them";
    EXPECT_TRUE(three.begin_dial(11));
    EXPECT_FALSE(three.begin_dial(20));
    EXPECT_TRUE(three.may_wait(31)) << "30 will be served, and two may queue";
    EXPECT_FALSE(three.may_wait(32));
}

TEST_F(plan, dials_once_while_nothing_is_known) {
    three.expect(std::numeric_limits<std::size_t>::max());
    EXPECT_TRUE(three.begin_dial(1));
    EXPECT_FALSE(three.begin_dial(1'000'000));
    EXPECT_TRUE(three.may_wait(1'000'000));
}

TEST_F(plan, drains_a_connection_that_serves_several) {
    open(1, 3);
    three.take(*chance);
    three.take(*chance);
    EXPECT_EQ(three.give_back(0, false), slot_action::keep) << "the other exchange goes on";
    EXPECT_EQ(three.state(0), slot_state::draining);
    EXPECT_FALSE(three.take(*chance));
    EXPECT_EQ(three.give_back(0, true), slot_action::close);
}

TEST_F(plan, queues_only_whom_no_dial_will_serve) {
    EXPECT_TRUE(three.may_wait(4)) << "three connections may be dialled";
    EXPECT_FALSE(three.may_wait(5));
    for (int n = 0; n < 3; ++n)
        three.begin_dial(3);
    EXPECT_TRUE(three.may_wait(3)) << "three wait for their dials, none is in the queue";
    EXPECT_TRUE(three.may_wait(4));
    EXPECT_FALSE(three.may_wait(5)) << "two are in the queue";
    three.dialled(0, 1);
    EXPECT_TRUE(three.may_wait(3));
    EXPECT_FALSE(three.may_wait(4));
}

TEST_F(plan, without_a_queue_still_dials) {
    lane_plan single{{1, 0}};
    EXPECT_TRUE(single.may_wait(0));
    single.begin_dial(1);
    EXPECT_FALSE(single.may_wait(1));
    single.dialled(0, 1);
    single.take(*chance);
    EXPECT_FALSE(single.may_wait(0));
}

/// What must hold of a plan whatever happens; keeps its own count.
class model {
public:
    explicit model(lane_limits limits) : limits_{limits}, plan_{limits} {}

    void step(std::mt19937_64& chance) {
        switch (chance() % 7) {
            case 0:
                return dial(chance() % 40);
            case 1:
                return end_dial(chance);
            case 2:
                return retire(chance);
            case 3:
                return take();
            case 4:
                return resize(chance);
            default:
                return give_back(chance);
        }
    }

    void check() const {
        EXPECT_LE(plan_.connections(), limits_.connections);
        EXPECT_EQ(plan_.connections(), dialling_.size() + open_.size());
        EXPECT_EQ(plan_.dialling(), dialling_.size());
        EXPECT_LE(plan_.slots(), limits_.connections);
        for (auto const& [slot, each] : open_) {
            EXPECT_EQ(plan_.state(slot), each.draining ? slot_state::draining : slot_state::open);
            EXPECT_EQ(plan_.idle(slot), each.in_use == 0);
        }
    }

private:
    struct line {
        std::size_t capacity;
        std::size_t in_use = 0;
        bool draining = false;
    };

    void dial(std::size_t waiting) {
        auto const slot = plan_.begin_dial(waiting);
        auto const allowed = waiting > dialling_.size() && (!in_doubt_ || dialling_.empty()) &&
                             dialling_.size() + open_.size() < limits_.connections;
        ASSERT_EQ(slot.has_value(), allowed);
        if (!slot) return;
        ASSERT_FALSE(open_.contains(*slot));
        dialling_.push_back(*slot);
    }

    void end_dial(std::mt19937_64& chance) {
        if (dialling_.empty()) return;
        auto const at =
            dialling_.begin() + static_cast<std::ptrdiff_t>(chance() % dialling_.size());
        auto const slot = *at;
        dialling_.erase(at);
        if (chance() % 3 == 0) return fail_dial(slot, chance() % 2 == 0);
        in_doubt_ = false;
        auto const capacity = 1 + chance() % 3;
        plan_.dialled(slot, capacity);
        open_.emplace(slot, line{capacity});
        last_free_.push_back(slot);
    }

    void fail_dial(slot_id slot, bool for_the_peer) {
        in_doubt_ = in_doubt_ || for_the_peer;
        plan_.dial_failed(slot, for_the_peer ? dial_fault::of_peer : dial_fault::of_memory);
    }

    void take() {
        auto const slot = plan_.take(*chance_);
        ASSERT_EQ(slot.has_value(), !last_free_.empty());
        if (!slot) return;
        auto& taken = open_.at(*slot);
        ASSERT_FALSE(taken.draining);
        ASSERT_LT(taken.in_use, taken.capacity);
        if (open_.at(last_free_.back()).capacity == 1) {
            ASSERT_EQ(*slot, last_free_.back()) << "the last one given back is taken first";
        }
        if (++taken.in_use == taken.capacity) std::erase(last_free_, *slot);
    }

    void give_back(std::mt19937_64& chance) {
        auto const slot = any_open(chance, [](auto const& each) { return each.in_use > 0; });
        if (!slot) return;
        auto& given = open_.at(*slot);
        auto const reusable = chance() % 4 != 0;
        auto const was_full = given.in_use-- >= given.capacity;
        if (!reusable && !given.draining) drain(*slot);
        if (!given.draining && was_full && given.in_use < given.capacity)
            last_free_.push_back(*slot);
        expect(plan_.give_back(*slot, reusable), *slot);
    }

    void resize(std::mt19937_64& chance) {
        auto const slot = any_open(chance, [](auto const&) { return true; });
        if (!slot) return;
        auto& resized = open_.at(*slot);
        auto const had_room = resized.in_use < resized.capacity;
        resized.capacity = chance() % 5;
        plan_.resize(*slot, resized.capacity);
        auto const has_room = resized.in_use < resized.capacity;
        if (resized.draining || had_room == has_room) return;
        if (had_room)
            std::erase(last_free_, *slot);
        else
            last_free_.push_back(*slot);
    }

    void retire(std::mt19937_64& chance) {
        auto const slot = any_open(chance, [](auto const&) { return true; });
        if (!slot || chance() % 2 == 0) return;
        auto const again = open_.at(*slot).draining;
        drain(*slot);
        auto const action = plan_.retire(*slot);
        if (again)
            EXPECT_EQ(action, slot_action::keep);
        else
            expect(action, *slot);
    }

    void drain(slot_id slot) {
        open_.at(slot).draining = true;
        std::erase(last_free_, slot);
    }

    void expect(slot_action action, slot_id slot) {
        auto const ended = open_.at(slot).draining && open_.at(slot).in_use == 0;
        ASSERT_EQ(action, ended ? slot_action::close : slot_action::keep);
        if (ended) open_.erase(slot);
    }

    template <class Wanted>
    std::optional<slot_id> any_open(std::mt19937_64& chance, Wanted wanted) const {
        std::vector<slot_id> found;
        for (auto const& [slot, each] : open_)
            if (wanted(each)) found.push_back(slot);
        if (found.empty()) return std::nullopt;
        return found[chance() % found.size()];
    }

    lane_limits limits_;
    lane_plan plan_;
    std::shared_ptr<randomness> chance_ = seeded_randomness(1);
    std::vector<slot_id> dialling_;
    std::map<slot_id, line> open_;
    std::vector<slot_id> last_free_;
    bool in_doubt_ = false;
};

TEST(lane_plan, keeps_its_promises_in_100000_random_steps) {
    auto const seed = testing::seed();
    SCOPED_TRACE("BCTRL_TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 chance{seed};
    model checked{{8, 4}};
    for (int n = 0; n < 100'000; ++n) {
        checked.step(chance);
        checked.check();
        ASSERT_FALSE(::testing::Test::HasFailure()) << "in step " << n;
    }
}

} // namespace
} // namespace bctrl::pool
