#include "rpc/retry.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace bctrl::rpc {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(retryable_status, is_one_of_a_few) {
    std::set<int> const expected{408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524};
    for (int status = 0; status < 1'000; ++status)
        EXPECT_EQ(retryable_status(status), expected.contains(status)) << status;
}

TEST(retryable_fault, is_what_may_pass) {
    for (auto const each : {errc::resolve_failed, errc::connect_failed, errc::connection_lost,
                            errc::tls_failed, errc::proxy_failed, errc::too_many_descriptors})
        EXPECT_TRUE(retryable_fault(each)) << error_code{each}.message();
    for (auto const each :
         {errc::certificate_rejected, errc::proxy_unauthenticated, errc::proxy_refused,
          errc::malformed_response, errc::header_too_large, errc::body_too_large, errc::queue_full,
          errc::queue_timeout, errc::deadline_exceeded, errc::client_closed, errc::out_of_memory,
          errc::internal})
        EXPECT_FALSE(retryable_fault(each)) << error_code{each}.message();
    EXPECT_FALSE(retryable_fault(boost::asio::error::operation_aborted));
}

TEST(may_send_again, only_what_does_no_harm) {
    using enum exchange_progress;
    struct example {
        exchange_progress progress;
        bool replayable;
        bool expected;
    };
    for (auto const& [progress, replayable, expected] :
         std::initializer_list<example>{{unsent, false, true},
                                        {sent, false, false},
                                        {answered, false, false},
                                        {unsent, true, true},
                                        {sent, true, true},
                                        {answered, true, true}}) {
        exchange_failure const failed{failure{errc::connection_lost, "lost"}, progress};
        EXPECT_EQ(may_send_again(failed, replayable), expected);
    }
}

/// Draws the longest pauses, or the shortest.
class fixed final : public randomness {
public:
    explicit fixed(std::uint64_t value) : value_{value} {}
    std::uint64_t next() override { return value_; }

private:
    std::uint64_t value_;
};

milliseconds longest_before(unsigned next, retry_policy const& policy) {
    fixed most{~std::uint64_t{0}};
    return *pause_before(next, policy, std::nullopt, most);
}

TEST(pause_before, doubles_from_attempt_to_attempt_up_to_a_cap) {
    retry_policy const policy{10, 250ms, 8'000ms, 60'000ms};
    EXPECT_EQ(longest_before(2, policy), 249ms);
    EXPECT_EQ(longest_before(3, policy), 499ms);
    EXPECT_EQ(longest_before(4, policy), 999ms);
    EXPECT_EQ(longest_before(7, policy), 7'999ms);
    EXPECT_EQ(longest_before(8, policy), 7'999ms);
    EXPECT_EQ(longest_before(4'000'000'000U, policy), 7'999ms);
}

TEST(pause_before, may_be_nothing) {
    fixed least{0};
    EXPECT_EQ(pause_before(5, retry_policy{}, std::nullopt, least), 0ms);
}

TEST(pause_before, is_capped_from_the_beginning) {
    EXPECT_EQ(longest_before(2, {4, 10'000ms, 100ms, 0ms}), 99ms);
}

TEST(pause_before, does_not_overflow) {
    retry_policy const endless{4, milliseconds::max() / 3, milliseconds::max(), 0ms};
    for (unsigned next = 2; next < 8; ++next)
        EXPECT_GT(longest_before(next, endless), 0ms);
}

TEST(pause_before, is_spread_evenly) {
    auto const chance = seeded_randomness(3);
    milliseconds sum{0};
    for (int n = 0; n < 10'000; ++n) {
        auto const pause = pause_before(4, retry_policy{}, std::nullopt, *chance);
        ASSERT_TRUE(pause);
        ASSERT_LT(*pause, 1'000ms);
        sum += *pause;
    }
    EXPECT_NEAR(static_cast<double>(sum.count()) / 10'000, 500.0, 20.0);
}

TEST(pause_before, is_what_the_server_asks_for) {
    fixed most{~std::uint64_t{0}};
    EXPECT_EQ(pause_before(2, retry_policy{}, 7'000ms, most), 7'000ms);
    EXPECT_EQ(pause_before(2, retry_policy{}, 60'000ms, most), 60'000ms);
    EXPECT_EQ(pause_before(2, retry_policy{}, 0ms, most), 0ms);
}

TEST(pause_before, is_none_if_the_server_asks_for_too_much) {
    fixed least{0};
    EXPECT_EQ(pause_before(2, retry_policy{}, 60'001ms, least), std::nullopt);
}

} // namespace
} // namespace bctrl::rpc
