#include "base/deadline_queue.hpp"

#include "support/manual_clock.hpp"
#include "support/seed.hpp"

#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

class noted final : public deadline {
public:
    noted(int name, std::vector<int>& into, std::function<void()> then = {})
        : name_{name}, into_{into}, then_{std::move(then)} {}

private:
    void expired() noexcept override {
        into_.push_back(name_);
        if (then_) then_();
    }

    int name_;
    std::vector<int>& into_;
    std::function<void()> then_;
};

class deadlines : public ::testing::Test {
protected:
    steady_time in(milliseconds by) const { return time.now() + by; }
    void pass(milliseconds by) {
        time.advance(by);
        context.restart();
        context.poll();
    }

    boost::asio::io_context context;
    testing::manual_clock time;
    deadline_queue queue{time, strand{context.get_executor()}};
    std::vector<int> rung;
};

TEST_F(deadlines, ring_in_the_order_of_their_times) {
    noted late{3, rung};
    noted early{1, rung};
    noted middle{2, rung};
    queue.arm(late, in(30ms));
    queue.arm(early, in(10ms));
    queue.arm(middle, in(20ms));
    pass(30ms);
    EXPECT_EQ(rung, (std::vector{1, 2, 3}));
}

TEST_F(deadlines, equal_times_ring_in_the_order_of_arming) {
    noted first{1, rung};
    noted second{2, rung};
    noted third{3, rung};
    queue.arm(first, in(5ms));
    queue.arm(second, in(5ms));
    queue.arm(third, in(5ms));
    pass(5ms);
    EXPECT_EQ(rung, (std::vector{1, 2, 3}));
}

TEST_F(deadlines, ring_once_and_not_too_early) {
    noted only{1, rung};
    queue.arm(only, in(10ms));
    pass(9ms);
    EXPECT_TRUE(rung.empty());
    EXPECT_TRUE(only.armed());
    pass(1ms);
    EXPECT_EQ(rung.size(), 1U);
    EXPECT_FALSE(only.armed());
    pass(1h);
    EXPECT_EQ(rung.size(), 1U);
}

TEST_F(deadlines, stay_silent_when_disarmed_or_destroyed) {
    noted kept{1, rung};
    noted disarmed{2, rung};
    {
        noted gone{3, rung};
        queue.arm(gone, in(1ms));
    }
    queue.arm(disarmed, in(2ms));
    queue.arm(kept, in(3ms));
    disarmed.disarm();
    disarmed.disarm();
    pass(10ms);
    EXPECT_EQ(rung, std::vector{1});
}

TEST_F(deadlines, can_be_armed_again) {
    noted again{1, rung};
    queue.arm(again, in(5ms));
    again.disarm();
    queue.arm(again, in(20ms));
    pass(5ms);
    EXPECT_TRUE(rung.empty());
    pass(15ms);
    EXPECT_EQ(rung.size(), 1U);
}

TEST_F(deadlines, can_be_armed_and_disarmed_while_they_ring) {
    noted disarmed{9, rung};
    noted follower{2, rung};
    noted first{1, rung, [&] {
                    disarmed.disarm();
                    queue.arm(follower, in(7ms));
                }};
    queue.arm(first, in(1ms));
    queue.arm(disarmed, in(1ms));
    pass(1ms);
    EXPECT_EQ(rung, std::vector{1});
    EXPECT_EQ(time.next_alarm(), in(7ms));
    pass(7ms);
    EXPECT_EQ(rung, (std::vector{1, 2}));
}

TEST_F(deadlines, may_destroy_each_other_while_they_ring) {
    auto second = std::make_unique<noted>(2, rung);
    noted first{1, rung, [&] { second.reset(); }};
    queue.arm(first, in(1ms));
    queue.arm(*second, in(1ms));
    pass(1ms);
    EXPECT_EQ(rung, std::vector{1});
}

TEST_F(deadlines, in_the_past_ring_at_once) {
    noted past{1, rung};
    queue.arm(past, time.now() - 1h);
    EXPECT_TRUE(rung.empty()) << "never from within arm";
    pass(0ms);
    EXPECT_EQ(rung, std::vector{1});
}

TEST_F(deadlines, set_one_alarm_for_the_next_of_them) {
    noted late{1, rung};
    noted early{2, rung};
    queue.arm(late, in(50ms));
    EXPECT_EQ(time.next_alarm(), in(50ms));
    queue.arm(early, in(20ms));
    EXPECT_EQ(time.next_alarm(), in(20ms));
    pass(20ms);
    EXPECT_EQ(time.next_alarm(), in(30ms));
    pass(30ms);
    EXPECT_FALSE(time.next_alarm());
}

TEST_F(deadlines, at_the_end_of_time_set_no_alarm) {
    noted never{1, rung};
    queue.arm(never, steady_time::max());
    EXPECT_FALSE(time.next_alarm());
    EXPECT_TRUE(never.armed());
}

TEST_F(deadlines, rest_clears_the_alarm_of_a_disarmed_one_only) {
    noted first{1, rung};
    noted second{2, rung};
    queue.arm(first, in(10ms));
    queue.arm(second, in(20ms));
    first.disarm();
    queue.rest();
    EXPECT_TRUE(time.next_alarm());
    second.disarm();
    queue.rest();
    EXPECT_FALSE(time.next_alarm());
    queue.arm(first, in(30ms));
    EXPECT_EQ(time.next_alarm(), in(30ms));
}

TEST_F(deadlines, may_outlive_the_queue) {
    noted orphan{1, rung};
    {
        deadline_queue brief{time, strand{context.get_executor()}};
        brief.arm(orphan, in(1ms));
    }
    EXPECT_FALSE(orphan.armed());
    pass(1ms);
    EXPECT_TRUE(rung.empty());
}

/// What the queue should do, with a map in its place.
class model {
public:
    void arm(int name, steady_time when) { pending_.emplace(when, name); }
    bool disarm(int name) {
        auto const found = std::find_if(pending_.begin(), pending_.end(),
                                        [name](auto const& each) { return each.second == name; });
        if (found == pending_.end()) return false;
        pending_.erase(found);
        return true;
    }
    std::vector<int> due(steady_time now) {
        std::vector<int> names;
        while (!pending_.empty() && pending_.begin()->first <= now) {
            names.push_back(pending_.begin()->second);
            pending_.erase(pending_.begin());
        }
        return names;
    }

private:
    std::multimap<steady_time, int> pending_;
};

TEST_F(deadlines, agree_with_a_map_in_100000_random_steps) {
    auto const seed = testing::seed();
    SCOPED_TRACE("BCTRL_TEST_SEED=" + std::to_string(seed));
    std::mt19937_64 chance{seed};
    model expected;
    std::vector<std::unique_ptr<noted>> all;
    for (int name = 0; name < 64; ++name)
        all.push_back(std::make_unique<noted>(name, rung));

    for (int step = 0; step < 100'000; ++step) {
        auto const name = static_cast<int>(chance() % all.size());
        auto& chosen = *all[static_cast<std::size_t>(name)];
        if (chance() % 8 == 0) {
            pass(milliseconds{chance() % 20});
            ASSERT_EQ(rung, expected.due(time.now())) << "in step " << step;
            rung.clear();
        } else if (chosen.armed()) {
            ASSERT_TRUE(expected.disarm(name));
            chosen.disarm();
        } else {
            ASSERT_FALSE(expected.disarm(name));
            auto const when = in(milliseconds{1 + chance() % 50});
            expected.arm(name, when);
            queue.arm(chosen, when);
        }
    }
}

} // namespace
} // namespace bctrl
