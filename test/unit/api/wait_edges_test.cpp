#include "unit/api/simulated_service.hpp"
#include "unit/api/wait_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <stdexcept>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::scripted_answer;
using testing::seen;
using testing::test_wait;

/// What only happens at the edges of what a wait may be asked, and of what a client can carry.
class edges_of_waits : public ::testing::Test {
protected:
    void close() {
        bench.core().closings().spawn(bench.core().closed(0ms, patience));
        bench.settle();
    }
    void answer_all(exchange_outcome what) {
        bench.server().otherwise(
            [what = std::move(what)](auto const&) { return scripted_answer{what}; });
    }
    std::size_t requests() { return bench.server().requests().size(); }

    core_bench bench;
    stop_signal patience;
};

TEST_F(edges_of_waits, leave_no_alarm_behind_when_the_client_closes_in_an_outage) {
    answer_all(answer(503, "{}", {{"Retry-After", "60"}}));
    std::vector<std::unique_ptr<test_wait>> all;
    for (int n = 0; n < 10; ++n)
        all.push_back(std::make_unique<test_wait>(bench, std::to_string(n), wait_options{}));
    bench.pass(90s);
    for (auto const& each : all)
        each->request_stop(stop_reason::closed);
    close();
    EXPECT_FALSE(bench.time().next_alarm()) << "the context would not come to its end";
}

TEST_F(edges_of_waits, refuse_a_policy_that_would_make_them_spin) {
    answer_all(seen("running"));
    for (auto const time :
         {&wait_policy::slice, &wait_policy::floor, &wait_policy::max_floor,
          &wait_policy::slice_margin, &wait_policy::lost_contact_after, &wait_policy::get_interval,
          &wait_policy::max_get_interval, &wait_policy::return_within, &wait_policy::probe_interval,
          &wait_policy::abandon_timeout})
        for (auto const wrong : {0ms, milliseconds{-1}, milliseconds::min()}) {
            wait_policy policy;
            policy.*time = wrong;
            test_wait const wait{bench, "op_1", {.policy = policy}};
            ASSERT_TRUE(wait.ended() && !wait.has_value());
            EXPECT_EQ(wait.error().code, errc::invalid_argument);
        }
    EXPECT_EQ(requests(), 0U);
}

TEST_F(edges_of_waits, that_have_no_time_do_not_disturb_others) {
    test_wait const patient{bench, "op_1", {}};
    bench.pass(1s);
    test_wait const hasty{bench, "op_1", {.within = 0ms}};
    EXPECT_TRUE(hasty.ended());
    bench.pass(1s);
    EXPECT_EQ(requests(), 1U);
    EXPECT_EQ(bench.server().open(), 1);
}

TEST_F(edges_of_waits, that_have_little_time_do_not_repeat_a_reading_under_way) {
    bench.server().then(answer(501, "{}"));
    test_wait const patient{bench, "op_1", {}};
    EXPECT_EQ(requests(), 2U) << "the poll that is not known, and a reading";
    test_wait const hasty{bench, "op_1", {.within = 5s}};
    EXPECT_EQ(requests(), 2U) << "it is answered at once anyway";
}

TEST_F(edges_of_waits, keep_the_request_id_readable_and_the_key_out_of_it) {
    auto const named = [](std::string_view status, std::string id) {
        auto made = seen(status);
        if (!id.empty()) made->headers.push_back({"X-Request-Id", std::move(id)});
        return made;
    };
    bench.server().then(named("running", "req_1"), 50s);
    bench.server().then(named("succeeded", ""), 1s);
    wait_account account;
    test_wait const first{bench, "op_1", {.account = &account}};
    bench.pass(51s);
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(account.request_id, "req_1") << "the last answer tells none";
    bench.server().then(named("succeeded", "\x1b[1m bctrl_test_key"));
    test_wait const second{bench, "op_1", {.account = &account}};
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(account.request_id.find("bctrl_test_key"), std::string::npos);
    EXPECT_EQ(account.request_id.find('\x1b'), std::string::npos);
}

TEST(edges_of_remote_cancels, end_as_unanswered_whatever_is_thrown) {
    testing::simulated_bench bench{
        testing::config_of_nowhere(), 1, [](wire_request const& request, steady_time begun) {
            if (request.target.ends_with("/cancel")) throw std::runtime_error{"no thread"};
            return testing::simulated_service::fate{begun + 1h, [] { return seen("running"); }};
        }};
    stop_signal stop;
    listed_call call;
    std::shared_ptr<remote_cancel const> sent;
    auto const abandon = [&]() -> task<> {
        auto wait = testing::wait_for_end<operation>(bench.core(), stop, call, "op_1",
                                                     {.on_abandon = abandonment::cancel_remote});
        auto const ended = co_await wait;
        sent = ended.error().details->cancel_sent;
    };
    bench.core().calls().spawn(abandon());
    bench.settle();
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->state(), remote_cancel_state::unanswered);
    EXPECT_EQ(bench.core().stats().remote_cancels_failed, 1);
}

/// Processor time that so many waits on one piece of work take to leave together.
double time_to_leave(int count, wait_options const& options) {
    core_bench bench;
    std::vector<std::unique_ptr<test_wait>> all;
    for (int n = 0; n < count; ++n)
        all.push_back(std::make_unique<test_wait>(bench, "op_1", options));
    auto const begun = std::clock();
    for (auto const& each : all)
        each->request_stop();
    bench.settle();
    for (auto const& each : all)
        EXPECT_TRUE(each->ended());
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

TEST(edges_of_load, the_cost_of_leaving_grows_no_faster_than_those_who_leave) {
    for (auto const promise : {abandonment::leave, abandonment::cancel_if_last}) {
        wait_options const options{.on_abandon = promise, .share = false};
        auto const few = time_to_leave(2'000, options);
        auto const many = time_to_leave(20'000, options);
        EXPECT_LT(many, 40 * few + 0.1) << "ten times as many";
    }
}

} // namespace
} // namespace bctrl
