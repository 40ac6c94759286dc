#include "wait/wait_plan.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

namespace bctrl {
namespace {

using namespace std::chrono_literals;

constexpr steady_time start{1'000h};
constexpr auto never = steady_time::max();

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
    wait_plan made() { return {terms, longest_}; }
    wait_plan hasty() { return {terms, shortest_}; }
    milliseconds slice(poll_bounds const& bounds) { return made().next_slice(start, bounds); }

    wait_terms terms;
    longest longest_;
    shortest shortest_;
};

TEST_F(plan, polls_for_a_slice_when_nothing_bounds_it) {
    EXPECT_EQ(slice({24h, never}), 50s);
}

TEST_F(plan, polls_for_no_longer_than_the_way_holds) {
    EXPECT_EQ(slice({24s, never}), 24s);
}

TEST_F(plan, leaves_the_last_answer_time_to_arrive) {
    struct {
        milliseconds left;
        milliseconds asked;
    } const table[] = {{70s, 50s},  {51s, 50s}, {50s, 49s}, {10s, 9s},  {1s, 900ms}, {100ms, 90ms},
                       {10ms, 9ms}, {1ms, 1ms}, {0ms, 1ms}, {-5s, 1ms}, {9ms, 9ms}};
    for (auto const& [left, asked] : table)
        EXPECT_EQ(slice({24h, start + left}), asked) << left.count();
}

TEST_F(plan, leaves_the_first_answer_time_for_a_connection_too) {
    struct {
        milliseconds left;
        milliseconds asked;
    } const table[] = {{70s, 50s},    {10s, 9s},  {2s, 1'500ms}, {1s, 500ms},
                       {100ms, 50ms}, {1ms, 1ms}, {0ms, 1ms}};
    for (auto const& [left, asked] : table)
        EXPECT_EQ(slice({24h, never, start + left}), asked) << left.count();
}

TEST_F(plan, spreads_the_ends_of_first_slices_widely_and_of_later_ones_a_little) {
    auto low = made();
    auto high = hasty();
    poll_bounds const bounds{24h, never, {}, true};
    EXPECT_GE(low.next_slice(start, bounds), 25s);
    EXPECT_LT(low.next_slice(start, bounds), 26s);
    EXPECT_EQ(high.next_slice(start, bounds), 50s);
    low.pause_after_answer(26s, 26s);
    EXPECT_GE(low.next_slice(start, bounds), 47'500ms);
    low.pause_after_fault({});
    EXPECT_LT(low.next_slice(start, bounds), 26s) << "many may have met that fault";
}

TEST_F(plan, follows_a_held_slice_at_once) {
    auto p = made();
    EXPECT_EQ(p.pause_after_answer(50s, 50s), 0ms);
    EXPECT_EQ(p.pause_after_answer(45s, 50s), 0ms) << "clocks differ";
    EXPECT_EQ(p.pause_after_answer(30s, 50s), 0ms) << "a server may have a limit of its own";
    EXPECT_EQ(p.pause_after_answer(1ms, 1ms), 0ms);
}

TEST_F(plan, lets_polls_begin_ever_farther_apart_while_answers_come_early) {
    auto p = hasty();
    for (auto const apart : {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms})
        EXPECT_EQ(p.pause_after_answer(30ms, 50s), apart - 30ms);
    auto q = made();
    for (auto const apart : {100ms, 200ms, 400ms, 800ms, 1'600ms, 3'200ms, 5'000ms, 5'000ms}) {
        auto const pause = q.pause_after_answer(0ms, 50s);
        EXPECT_GE(pause, apart);
        EXPECT_LE(pause, apart * 5 / 4);
    }
}

TEST_F(plan, begins_with_the_least_floor_again_after_a_held_slice) {
    auto p = hasty();
    for (int n = 0; n < 5; ++n)
        p.pause_after_answer(0ms, 50s);
    p.pause_after_answer(50s, 50s);
    EXPECT_EQ(p.pause_after_answer(0ms, 50s), 100ms);
}

TEST_F(plan, pauses_after_early_answers_even_with_the_least_floor) {
    terms.wait.floor = 1ms;
    terms.wait.max_floor = 1ms;
    auto p = hasty();
    for (int answers = 0; answers < 10; ++answers)
        EXPECT_GE(p.pause_after_answer(0ms, 50s), 1ms);
}

TEST_F(plan, reads_ever_less_often_where_there_is_no_long_poll) {
    auto p = hasty();
    for (auto const pause : {500ms, 750ms, 1'125ms, 1'687ms, 2'530ms, 3'795ms, 10'000ms, 10'000ms})
        EXPECT_LE(p.pause_after_get() - pause, 2s) << pause.count();
    EXPECT_EQ(p.pause_after_get(), 10s);
}

TEST_F(plan, backs_off_with_full_jitter) {
    auto p = made();
    for (auto const most : {250ms, 500ms, 1'000ms, 2'000ms, 4'000ms, 8'000ms, 8'000ms}) {
        auto const pause = p.pause_after_fault({});
        EXPECT_LT(pause, most);
        EXPECT_GE(pause, most - 2ms);
    }
    EXPECT_EQ(hasty().pause_after_fault({}), 1ms);
}

TEST_F(plan, forgets_faults_when_it_is_answered) {
    auto p = made();
    for (int n = 0; n < 6; ++n)
        p.pause_after_fault({});
    EXPECT_TRUE(p.after_fault());
    p.pause_after_answer(0ms, 50s);
    EXPECT_FALSE(p.after_fault());
    EXPECT_LT(p.pause_after_fault({}), 250ms);
}

TEST_F(plan, pauses_as_long_as_the_server_asks_up_to_a_bound) {
    auto p = hasty();
    EXPECT_EQ(p.pause_after_fault(30s), 30s);
    EXPECT_EQ(p.pause_after_fault(1h), 60s);
    EXPECT_EQ(p.pause_after_fault(0ms), 1ms) << "a server that asks for no pause gets one";
}

TEST_F(plan, takes_any_policy_without_overflow) {
    terms.wait.slice = milliseconds::max();
    terms.wait.max_floor = milliseconds::max();
    terms.wait.max_get_interval = milliseconds::max();
    terms.retry.max_delay = milliseconds::max();
    auto p = hasty();
    for (int n = 0; n < 200; ++n) {
        EXPECT_GE(p.pause_after_answer(0ms, 50s), 0ms);
        EXPECT_GE(p.pause_after_fault({}), 1ms);
        EXPECT_GE(p.pause_after_get(), 1ms);
    }
    EXPECT_EQ(p.next_slice(start, {milliseconds::max(), never}),
              std::chrono::floor<milliseconds>(never - start) - 1s);
}

TEST_F(plan, never_spins_for_an_interval_without_end) {
    terms.wait.floor = terms.wait.max_floor = milliseconds::max();
    terms.wait.get_interval = terms.wait.max_get_interval = milliseconds::max();
    auto p = hasty();
    EXPECT_GT(p.pause_after_answer(0ms, 50s), 24h);
    EXPECT_GT(p.pause_after_get(), 24h);
}

TEST_F(plan, remembers_when_it_was_cut_last) {
    auto p = made();
    EXPECT_FALSE(p.cut(30s));
    EXPECT_EQ(p.cut(29s), 30s);
    p.pause_after_answer(50s, 50s);
    EXPECT_FALSE(p.cut(30s));
}

TEST(polls, are_not_begun_when_their_answer_could_hardly_come_in_time) {
    EXPECT_TRUE(too_late_to_poll(start, start));
    EXPECT_TRUE(too_late_to_poll(start, start + 249ms));
    EXPECT_FALSE(too_late_to_poll(start, start + 250ms));
}

TEST(faults, that_pass_are_those_of_the_way_and_of_a_server_in_trouble) {
    for (int status = 500; status < 600; ++status)
        EXPECT_TRUE(is_passing_fault(errc::server_error, status)) << status;
    for (int const status : {408, 429})
        EXPECT_TRUE(is_passing_fault(errc::rate_limited, status)) << status;
    for (int const status : {200, 301, 400, 401, 402, 403, 404, 405, 409, 410, 422, 451})
        EXPECT_FALSE(is_passing_fault(errc::refused, status)) << status;
    for (auto const code : {errc::resolve_failed, errc::connect_failed, errc::tls_failed,
                            errc::connection_lost, errc::proxy_failed, errc::deadline_exceeded,
                            errc::queue_full, errc::queue_timeout, errc::too_many_descriptors})
        EXPECT_TRUE(is_passing_fault(code, 0));
    for (auto const code : {errc::certificate_rejected, errc::malformed_response,
                            errc::body_too_large, errc::client_closed, errc::internal})
        EXPECT_FALSE(is_passing_fault(code, 0));
    EXPECT_FALSE(is_passing_fault(boost::asio::error::operation_aborted, 0));
}

TEST(cuts, are_the_ends_that_proxies_make) {
    for (int const status : {408, 502, 504, 520, 521, 522, 523, 524})
        EXPECT_TRUE(is_cut(errc::server_error, status)) << status;
    for (int const status : {429, 500, 501, 503, 404})
        EXPECT_FALSE(is_cut(errc::server_error, status)) << status;
    EXPECT_TRUE(is_cut(errc::connection_lost, 0));
    EXPECT_FALSE(is_cut(errc::connect_failed, 0));
    EXPECT_FALSE(is_cut(errc::deadline_exceeded, 0));
}

} // namespace
} // namespace bctrl
