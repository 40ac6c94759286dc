#include "unit/api/wait_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::scripted_answer;
using testing::seen;
using testing::test_wait;

/// What stands between a client and its server.
class the_way : public ::testing::Test {
protected:
    /// A proxy cuts every request that is held for longer than `limit`.
    void cut_at(milliseconds limit) {
        bench.server().otherwise([limit](wire_request const& request) {
            auto const asked = testing::asked_of(request).value_or(0ms);
            if (asked <= limit) return scripted_answer{seen("running"), asked};
            return scripted_answer{answer(504, "<html>Gateway Time-out</html>"), limit};
        });
    }
    std::vector<milliseconds> asked() {
        std::vector<milliseconds> all;
        for (auto const& each : bench.server().requests())
            all.push_back(testing::asked_of(each.what).value_or(0ms));
        return all;
    }

    core_bench bench;
};

TEST_F(the_way, is_learned_from_two_cuts) {
    cut_at(30s);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(9min);
    auto const all = asked();
    EXPECT_EQ(all.at(0), 50s);
    EXPECT_EQ(all.at(1), 50s);
    for (std::size_t n = 2; n < all.size(); ++n)
        EXPECT_LE(all[n], 24s) << "poll " << n;
    EXPECT_FALSE(wait.ended());
}

TEST_F(the_way, is_tried_no_faster_than_every_ten_minutes_and_not_where_it_was_cut) {
    cut_at(30s);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(12h);
    std::vector<steady_time> rises;
    milliseconds longest{0};
    auto const& requests = bench.server().requests();
    for (std::size_t n = 2; n < requests.size(); ++n) {
        auto const length = *testing::asked_of(requests[n].what);
        EXPECT_LT(length, 30s) << "poll " << n << " would be cut";
        if (length > longest) rises.push_back(requests[n].at);
        longest = std::max(longest, length);
    }
    EXPECT_GT(longest, 24s);
    for (std::size_t n = 1; n < rises.size(); ++n)
        EXPECT_GE(rises[n] - rises[n - 1], 9min);
}

TEST_F(the_way, with_the_usual_limit_is_hit_once_at_most) {
    for (auto const slice : {50s, 90s}) {
        core_bench own{[&] {
            auto config = testing::config_of_nowhere();
            config.wait.slice = slice;
            return config;
        }()};
        int hits = 0;
        own.server().otherwise([&](wire_request const& request) {
            auto const wanted = testing::asked_of(request).value_or(0ms);
            if (wanted < 60s) return scripted_answer{seen("running"), wanted};
            ++hits;
            return scripted_answer{fault(errc::connection_lost, exchange_progress::sent), 60s};
        });
        test_wait const wait{own, "op_1", {}};
        own.pass(23h);
        EXPECT_EQ(hits, slice > 60s ? 1 : 0);
        EXPECT_FALSE(wait.ended());
    }
}

TEST_F(the_way, is_learned_by_one_wait_for_all) {
    cut_at(30s);
    test_wait const one{bench, "op_1", {}};
    bench.pass(2min);
    test_wait const other{bench, "op_2", {}};
    EXPECT_LE(asked().back(), 24s);
}

TEST_F(the_way, may_offer_no_long_poll) {
    for (int const missing : {405, 501}) {
        core_bench own;
        int gets = 0;
        own.server().otherwise([&](wire_request const& request) {
            if (request.method == "POST") return scripted_answer{answer(missing, "{}")};
            auto const ended = ++gets == 9;
            return scripted_answer{
                answer(200, testing::operation_text("op_1", ended ? "failed" : "running")), 5ms};
        });
        test_wait const wait{own, "op_1", {}};
        own.pass(60s);
        ASSERT_TRUE(wait.has_value());
        EXPECT_EQ(wait.status(), durable_status::failed);
        EXPECT_FALSE(wait.value().timed_out_waiting);
        auto const& requests = own.server().requests();
        ASSERT_EQ(requests.size(), 10U) << "one attempt to poll, then readings only";
        EXPECT_EQ(requests.back().what.target, "/v1/operations/op_1");
        EXPECT_EQ(requests.back().lane, lane_kind::wait) << "other calls go first";
        EXPECT_TRUE(requests.back().what.body.empty());
        for (std::size_t n = 2; n < requests.size(); ++n) {
            auto const apart = requests[n].at - requests[n - 1].at;
            EXPECT_GE(apart, 500ms);
            EXPECT_LE(apart, 12'600ms);
        }
    }
}

TEST_F(the_way, is_asked_for_long_polls_again_after_a_while) {
    auto offered = false;
    bench.server().otherwise([&](wire_request const& request) {
        if (request.method == "GET")
            return scripted_answer{answer(200, testing::operation_text("op_1", "running"))};
        if (offered) return scripted_answer{seen("succeeded"), 1s};
        return scripted_answer{answer(501, "{}")};
    });
    test_wait const wait{bench, "op_1", {}};
    bench.pass(1min);
    offered = true;
    bench.pass(10min);
    ASSERT_TRUE(wait.has_value());
    EXPECT_EQ(wait.status(), durable_status::succeeded);
}

TEST_F(the_way, may_show_a_page_of_its_own_in_the_middle) {
    bench.server().then(seen("running"), 50s);
    bench.server().then(answer(200, "<html>We are upgrading</html>"), 10ms);
    bench.server().then(answer(302, ""), 10ms);
    bench.server().then(seen("succeeded"), 1s);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(60s);
    ASSERT_TRUE(wait.has_value());
}

TEST_F(the_way, that_never_led_to_the_api_is_told_at_once) {
    bench.server().then(answer(200, "<html>Welcome</html>"), 10ms);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(1s);
    ASSERT_TRUE(wait.ended() && !wait.has_value());
    EXPECT_EQ(bench.server().requests().size(), 1U);
}

} // namespace
} // namespace bctrl
