#include "api/wait_plan.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1'000h};

/// Draws the longest pauses.
class longest final : public randomness {
public:
    std::uint64_t next() override { return ~std::uint64_t{0}; }
};
/// Draws the shortest.
class shortest final : public randomness {
public:
    std::uint64_t next() override { return 0; }
};

class plan : public ::testing::Test {
protected:
    wait_plan made(std::optional<milliseconds> within = {}) {
        auto const until = within ? std::optional{start + *within} : std::nullopt;
        return {policy, retry, until, start, chance};
    }
    wait_plan hasty(std::optional<milliseconds> within = {}) {
        auto const until = within ? std::optional{start + *within} : std::nullopt;
        return {policy, retry, until, start, no_chance};
    }

    wait_policy policy;
    retry_policy retry;
    longest chance;
    shortest no_chance;
};

TEST_F(plan, polls_for_a_slice_without_a_deadline) {
    EXPECT_EQ(made().next_slice(start + 100h), 50s);
    EXPECT_FALSE(made().over(start + 10'000h));
}

TEST_F(plan, pauses_after_early_answers_even_with_the_least_floor) {
    policy.floor = 1ms;
    policy.max_floor = 1ms;
    auto p = hasty();
    for (int answers = 0; answers < 10; ++answers)
        EXPECT_GE(p.pause_after_answer(start, 0ms, 50s), 1ms);
}

TEST_F(plan, polls_for_the_time_left_if_that_is_less) {
    auto const p = made(70s);
    EXPECT_EQ(p.next_slice(start), 50s);
    EXPECT_EQ(p.next_slice(start + 20s), 50s);
    EXPECT_EQ(p.next_slice(start + 30s), 40s);
    EXPECT_EQ(p.next_slice(start + 70s - 1ms), 1ms);
    EXPECT_EQ(p.next_slice(start + 70s), 1ms);
    EXPECT_EQ(p.next_slice(start + 90s), 1ms);
    EXPECT_FALSE(p.over(start + 70s - 1ns));
    EXPECT_TRUE(p.over(start + 70s));
}

TEST_F(plan, goes_on_at_once_after_a_slice_that_lasted) {
    auto p = made();
    EXPECT_EQ(p.pause_after_answer(start, 50s, 50s), 0ms);
    EXPECT_EQ(p.pause_after_answer(start, 45s, 50s), 0ms) << "nine tenths of a slice are a slice";
    EXPECT_GT(p.pause_after_answer(start, 44'999ms, 50s), 0ms);
    EXPECT_EQ(p.pause_after_answer(start, 1ms, 1ms), 0ms);
}

TEST_F(plan, pauses_after_an_early_answer_longer_and_longer) {
    auto p = made();
    auto q = hasty();
    for (auto const most : {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms}) {
        EXPECT_EQ(p.pause_after_answer(start, 0ms, 50s), most - 1ms);
        EXPECT_EQ(q.pause_after_answer(start, 0ms, 50s), most / 2);
    }
}

TEST_F(plan, begins_anew_with_pauses_after_a_slice_that_lasted) {
    auto p = made();
    for (int n = 0; n < 10; ++n)
        (void)p.pause_after_answer(start, 0ms, 50s);
    (void)p.pause_after_answer(start, 50s, 50s);
    EXPECT_EQ(p.pause_after_answer(start, 0ms, 50s), 99ms);
}

TEST_F(plan, is_not_made_to_spin_by_the_shortest_slice) {
    auto p = hasty();
    EXPECT_GT(p.pause_after_answer(start, 0ms, 1ms), 0ms);
    EXPECT_GT(p.pause_after_answer(start, 0ms, 5ms), 0ms);
}

TEST_F(plan, never_pauses_beyond_the_deadline) {
    auto p = made(10s);
    EXPECT_EQ(p.pause_after_answer(start + 9'990ms, 0ms, 10ms), 10ms);
    EXPECT_EQ(p.pause_after_answer(start + 11s, 0ms, 1ms), 0ms);
    EXPECT_EQ(p.pause_after_fault(start + 9s, 60s), 1s);
    EXPECT_EQ(p.pause_after_fault(start + 10s, 60s), 0ms);
    EXPECT_EQ(p.pause_after_fault(start + 20s, 60s), 0ms);
}

TEST_F(plan, backs_off_after_faults) {
    auto p = made();
    for (auto const most : {250ms, 500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 8'000ms})
        EXPECT_EQ(p.pause_after_fault(start, std::nullopt), most - 1ms);
    (void)p.pause_after_answer(start, 50s, 50s);
    EXPECT_EQ(p.pause_after_fault(start, std::nullopt), 249ms) << "an answer ends the series";
}

TEST_F(plan, always_pauses_after_a_fault) {
    auto p = hasty();
    EXPECT_EQ(p.pause_after_fault(start, std::nullopt), 1ms);
}

TEST_F(plan, pauses_as_long_as_the_server_asks_within_bounds) {
    auto p = hasty();
    EXPECT_EQ(p.pause_after_fault(start, 7s), 7s);
    EXPECT_EQ(p.pause_after_fault(start, 60s), 60s);
    EXPECT_EQ(p.pause_after_fault(start, 24h), 60s);
}

TEST_F(plan, is_not_made_to_spin_by_a_server_that_asks_for_no_pause) {
    auto p = made();
    EXPECT_EQ(p.pause_after_fault(start, 0ms), 249ms);
    EXPECT_EQ(p.pause_after_fault(start, 0ms), 499ms);
    auto q = hasty();
    EXPECT_EQ(q.pause_after_fault(start, 0ms), 1ms);
}

TEST_F(plan, gives_up_when_contact_is_lost_for_too_long) {
    auto p = made();
    EXPECT_TRUE(p.pause_after_fault(start + 299s, std::nullopt));
    EXPECT_FALSE(p.pause_after_fault(start + 300s, std::nullopt));
}

TEST_F(plan, looks_a_last_time_when_contact_would_be_lost) {
    auto p = made();
    EXPECT_EQ(p.pause_after_fault(start + 290s, 60s), 10s);
}

TEST_F(plan, counts_lost_contact_from_the_last_answer) {
    auto p = made();
    (void)p.pause_after_answer(start + 200s, 50s, 50s);
    EXPECT_TRUE(p.pause_after_fault(start + 499s, std::nullopt));
    EXPECT_FALSE(p.pause_after_fault(start + 500s, std::nullopt));
}

TEST_F(plan, never_gives_up_before_a_deadline) {
    auto p = made(24h);
    EXPECT_TRUE(p.pause_after_fault(start + 23h, std::nullopt));
}

TEST_F(plan, takes_any_number_for_a_time) {
    policy.slice = milliseconds::max();
    policy.max_floor = milliseconds::max();
    policy.floor = milliseconds::max() / 3;
    policy.lost_contact_after = milliseconds::max();
    retry.max_delay = milliseconds::max();
    retry.base_delay = milliseconds::max() / 3;
    auto p = made();
    EXPECT_EQ(p.next_slice(start), milliseconds::max());
    for (int n = 0; n < 4; ++n) {
        EXPECT_GT(p.pause_after_answer(start, 0ms, p.next_slice(start)), 0ms);
        EXPECT_TRUE(p.pause_after_fault(start, std::nullopt));
    }
}

TEST(is_passing_fault, knows_what_may_be_followed_by_an_answer) {
    for (int status = 500; status < 600; ++status)
        EXPECT_TRUE(is_passing_fault(errc::server_error, status)) << status;
    EXPECT_TRUE(is_passing_fault(errc::server_error, 408));
    EXPECT_TRUE(is_passing_fault(errc::rate_limited, 429));
    for (auto const each :
         {errc::resolve_failed, errc::connect_failed, errc::tls_failed, errc::connection_lost,
          errc::too_many_descriptors, errc::deadline_exceeded, errc::queue_full})
        EXPECT_TRUE(is_passing_fault(each, 0)) << error_code{each}.message();
}

TEST(is_passing_fault, knows_what_ends_a_wait) {
    for (auto const status : {200, 301, 400, 401, 403, 404, 405, 409, 410, 422})
        EXPECT_FALSE(is_passing_fault(errc::refused, status)) << status;
    for (auto const each : {errc::certificate_rejected, errc::malformed_response,
                            errc::client_closed, errc::body_too_large, errc::internal})
        EXPECT_FALSE(is_passing_fault(each, 0)) << error_code{each}.message();
    EXPECT_FALSE(is_passing_fault(boost::asio::error::operation_aborted, 0));
}

} // namespace
} // namespace bctrl
