#include "unit/api/wait_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <tuple>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using testing::answer;
using testing::core_bench;
using testing::fault;
using testing::scripted_answer;
using testing::seen;
using testing::test_wait;

/// One thing that can befall a poll.
struct mishap {
    char const* name;
    std::function<scripted_answer(milliseconds asked)> play;
    errc code; ///< what it is called

    friend void PrintTo(mishap const& m, std::ostream* out) { *out << m.name; }
};

mishap status(char const* name, int number, errc code = errc::server_error) {
    return {name,
            [number](auto) {
                return scripted_answer{answer(number, "<html>busy</html>"), 20ms};
            },
            code};
}

/// @param tenths how much of the time that was asked for passes before
mishap broken(char const* name, errc what, exchange_progress progress, int tenths = 0) {
    return {name,
            [=](milliseconds asked) {
                return scripted_answer{fault(what, progress), 20ms + asked * tenths / 10};
            },
            what};
}

using progress = exchange_progress;

mishap const transient[] = {
    broken("refused", errc::connect_failed, progress::unsent),
    broken("dns_failure", errc::resolve_failed, progress::unsent),
    broken("tls_failure", errc::tls_failed, progress::unsent),
    broken("reset", errc::connection_lost, progress::sent),
    broken("end_of_file", errc::connection_lost, progress::sent, 6),
    broken("half_head", errc::connection_lost, progress::answered),
    broken("half_body", errc::connection_lost, progress::answered, 8),
    // Longer than any poll may take.
    broken("stalled_body", errc::deadline_exceeded, progress::answered, 10'000'000),
    broken("not_processed", errc::connection_lost, progress::unsent),
    broken("queue_full", errc::queue_full, progress::unsent),
    broken("no_descriptor", errc::too_many_descriptors, progress::unsent),
    status("s408", 408),
    status("s429", 429, errc::rate_limited),
    status("s500", 500),
    status("s502", 502),
    status("s503", 503),
    status("s504", 504),
    status("s520", 520),
    status("s524", 524),
};

class mishaps : public ::testing::TestWithParam<std::tuple<mishap, int>> {
protected:
    mishap const& what() const { return std::get<0>(GetParam()); }
    /// The poll that it befalls first.
    int at() const { return std::get<1>(GetParam()); }

    /// Good polls before it.
    void play_well() {
        for (int n = 1; n < at(); ++n)
            bench.server().then(seen("running"), 50s);
    }
    void make_it_last(core_bench& on) {
        on.server().otherwise([this](wire_request const& request) {
            return what().play(testing::asked_of(request).value_or(0ms));
        });
    }
    std::size_t polls() { return bench.server().requests().size(); }
    void expect_sound_requests() {
        for (auto const& each : bench.server().requests()) {
            auto const asked = testing::asked_of(each.what);
            ASSERT_TRUE(asked);
            EXPECT_GE(*asked, 1ms);
            EXPECT_LE(*asked, 50s);
        }
    }

    core_bench bench;
};

TEST_P(mishaps, that_pass_are_survived) {
    play_well();
    auto const times = 3;
    int befallen = 0;
    bench.server().otherwise([&](wire_request const& request) {
        if (befallen++ < times) return what().play(*testing::asked_of(request));
        return scripted_answer{seen("succeeded"), 500ms};
    });
    test_wait const wait{bench, "op_1", {}};
    bench.pass(50s * at() + 5min);
    ASSERT_TRUE(wait.has_value());
    EXPECT_EQ(wait.status(), durable_status::succeeded);
    EXPECT_EQ(polls(), static_cast<std::size_t>(at() + times));
    expect_sound_requests();
}

TEST_P(mishaps, that_last_end_in_lost_contact_at_the_promised_time) {
    play_well();
    make_it_last(bench);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(50s * (at() - 1));
    bench.pass(5min - 1ms);
    EXPECT_FALSE(wait.ended());
    bench.pass(1ms);
    ASSERT_TRUE(wait.ended() && !wait.has_value());
    auto const& why = wait.error();
    EXPECT_EQ(why.code, errc::lost_contact);
    EXPECT_EQ(why.details->cause, what().code);
    EXPECT_EQ(why.details->attempts, polls());
    EXPECT_EQ(why.details->last_operation != nullptr, at() > 1);
    if (at() > 1) {
        EXPECT_EQ(why.details->last_operation->status, durable_status::running);
        EXPECT_EQ(why.details->last_seen_age, 5min);
    }
    EXPECT_EQ(bench.server().open(), 0);
    expect_sound_requests();
}

TEST_P(mishaps, that_last_end_with_the_callers_deadline_to_the_millisecond) {
    play_well();
    make_it_last(bench);
    auto const within = 50s * (at() - 1) + 30s;
    test_wait const wait{bench, "op_1", {.within = within}};
    bench.pass(within - 1ms);
    EXPECT_FALSE(wait.ended());
    bench.pass(1ms);
    ASSERT_TRUE(wait.ended());
    EXPECT_EQ(wait.has_value(), at() > 1) << "a state that was seen is the value";
    if (!wait.has_value()) {
        EXPECT_EQ(wait.error().code, errc::deadline_exceeded);
    }
}

TEST_P(mishaps, can_be_cancelled_at_any_moment) {
    auto const seed = static_cast<unsigned>(at()) * 7919U;
    auto const chance = seeded_randomness(seed);
    for (int n = 0; n < 20; ++n) {
        core_bench own;
        for (int good = 1; good < at(); ++good)
            own.server().then(seen("running"), 50s);
        make_it_last(own);
        test_wait wait{own, "op_1", {.on_abandon = abandonment::cancel_if_last}};
        own.pass(jittered(*chance, 50s * (at() - 1) + 4min));
        auto const before = own.server().requests().size();
        wait.request_stop();
        own.settle();
        ASSERT_TRUE(wait.ended() && !wait.has_value());
        EXPECT_EQ(wait.error().code, boost::asio::error::operation_aborted);
        ASSERT_EQ(own.server().requests().size(), before + 1) << "the cancel that was promised";
        EXPECT_TRUE(own.server().requests().back().what.target.ends_with("/op_1/cancel"));
    }
}

INSTANTIATE_TEST_SUITE_P(all, mishaps,
                         ::testing::Combine(::testing::ValuesIn(transient),
                                            ::testing::Values(1, 2, 5)),
                         [](auto const& each) {
                             return std::string{std::get<0>(each.param).name} + "_at_poll_" +
                                    std::to_string(std::get<1>(each.param));
                         });

class final_refusals : public ::testing::TestWithParam<std::tuple<std::pair<int, errc>, int>> {};

TEST_P(final_refusals, end_the_wait_at_once_after_one_request) {
    auto const [refusal, at] = GetParam();
    core_bench bench;
    for (int n = 1; n < at; ++n)
        bench.server().then(seen("running"), 50s);
    bench.server().then(answer(refusal.first, R"({"error":"no","requestId":"req_1"})"), 20ms);
    test_wait const wait{bench, "op_1", {}};
    bench.pass(50s * (at - 1) + 20ms);
    ASSERT_TRUE(wait.ended() && !wait.has_value());
    EXPECT_EQ(wait.error().code, refusal.second);
    EXPECT_EQ(wait.error().details->status, refusal.first);
    EXPECT_EQ(wait.error().details->request_id, "req_1");
    EXPECT_EQ(wait.error().details->attempts, static_cast<unsigned>(at));
    EXPECT_EQ(wait.error().details->last_operation != nullptr, at > 1);
    bench.pass(1h);
    EXPECT_EQ(bench.server().requests().size(), static_cast<std::size_t>(at));
}

INSTANTIATE_TEST_SUITE_P(
    all, final_refusals,
    ::testing::Combine(::testing::Values(std::pair{400, errc::invalid_request},
                                         std::pair{401, errc::unauthenticated},
                                         std::pair{403, errc::permission_denied},
                                         std::pair{404, errc::not_found},
                                         std::pair{409, errc::conflict}, std::pair{410, errc::gone},
                                         std::pair{422, errc::invalid_request}),
                       ::testing::Values(1, 2, 5)),
    [](auto const& each) {
        return "s" + std::to_string(std::get<0>(each.param).first) + "_at_poll_" +
               std::to_string(std::get<1>(each.param));
    });

} // namespace
} // namespace bctrl
