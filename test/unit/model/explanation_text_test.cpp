#include <bctrl/explanation.hpp>

#include "model/explanation_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

call_explanation call_in(call_phase phase, std::string id = "op_1") {
    call_explanation made;
    made.call = "operations.wait";
    made.id = std::move(id);
    made.lane = lane_kind::wait;
    made.phase = phase;
    made.in_flight = 12min;
    made.in_phase = 31s;
    return made;
}

call_explanation parked(std::string id = "op_1") {
    auto made = call_in(call_phase::parked, std::move(id));
    made.attempt = 12;
    made.asked = 50s;
    return made;
}

explanation night() {
    explanation made;
    made.stats.calls = 4;
    made.stats.calls_succeeded = 12'345;
    made.stats.calls_failed = 2;
    made.stats.requests = 20'000;
    made.stats.polls = 7;
    lane_explanation wait;
    wait.lane = lane_kind::wait;
    wait.limit = 2;
    wait.open = 1;
    wait.in_use = 1;
    wait.requests = 1;
    wait.connecting = 1;
    wait.oldest_dial = 2'100ms;
    wait.queued = 1;
    wait.queue_limit = 100'000;
    wait.last_failed_dial =
        fault_explanation{errc::connect_failed, 0, "connecting to 10.0.0.1:443 failed", {}, 3s};
    made.lanes = {lane_explanation{}, wait};

    made.calls.push_back(parked());
    made.calls.back().last_status = durable_status::running;
    made.calls.push_back(parked("op_22"));
    made.calls.back().in_flight = 5h;
    made.calls.back().time_left = 90s;
    made.calls.push_back(call_in(call_phase::dialling, "op_3"));
    made.calls.back().place = 1;
    made.calls.back().in_phase = 2s;
    made.calls.push_back(call_in(call_phase::pausing, "op_4"));
    auto& broken = made.calls.back();
    broken.pause = pause_reason::backoff;
    broken.pause_left = 3'250ms;
    broken.attempt = 2;
    broken.last_error = fault_explanation{errc::server_error, 503, "overloaded", "req_9", 1s};
    return made;
}

TEST(explanation_text, shows_the_urgent_first_and_aligns_the_rest) {
    EXPECT_EQ(
        to_text(night()),
        "4 calls in flight; so far 12,351 begun, 12,345 succeeded, 2 failed, 0 cancelled\n"
        "20,000 requests, 0 retries, 0 replays; 7 polls, 0 slices, 0 early answers, 0 faults; 0 "
        "connections, "
        "0 failed dials, 0 refused by a full queue\n"
        "lane control: 0 of 0 connections open (0 in use, 0 idle; requests: 0), 0 dialling, "
        "queue 0 of 0\n"
        "lane wait: 1 of 2 connections open (1 in use, 0 idle; requests: 1), 1 dialling "
        "(0 resolving, 1 connecting, 0 in the handshake; the oldest for 2.1 s), queue 1 of "
        "100,000\n"
        "  last failed dial: no connection could be made (connecting to 10.0.0.1:443 failed) 3.0 "
        "s ago\n"
        "  12 min  operations.wait  op_4   no deadline  backing off for another 3.2 s, after "
        "attempt 2; last error: 503, the server failed (overloaded) [req_9] 1.0 s ago\n"
        "  12 min  operations.wait  op_3   no deadline  waiting for a connection being dialled in "
        "lane wait, place 1 for 2.0 s\n"
        "     5 h  operations.wait  op_22  90 s left    parked in slice 12 for 31 s (asked for 50 "
        "s)\n"
        "  12 min  operations.wait  op_1   no deadline  parked in slice 12 for 31 s (asked for 50 "
        "s), last seen running\n");
}

TEST(explanation_text, has_words_for_every_phase) {
    auto const state = [](call_phase phase, auto... change) {
        auto call = call_in(phase);
        (change(call), ...);
        return model::state_of(call);
    };
    EXPECT_EQ(state(call_phase::beginning), "beginning for 31 s");
    EXPECT_EQ(state(call_phase::queued), "queued in lane wait for 31 s");
    EXPECT_EQ(state(call_phase::queued, [](auto& c) { c.place = 1'234; }),
              "queued at place 1,234 in lane wait for 31 s");
    EXPECT_EQ(state(call_phase::sending, [](auto& c) { c.attempt = 1; }),
              "sending its request for 31 s, attempt 1");
    EXPECT_EQ(state(call_phase::awaiting, [](auto& c) { c.attempt = 3; }),
              "with the server for 31 s, attempt 3");
    EXPECT_EQ(state(call_phase::reading), "reading the answer for 31 s");
    EXPECT_EQ(state(call_phase::pausing,
                    [](auto& c) {
                        c.pause = pause_reason::early_answer;
                        c.pause_left = 100ms;
                    }),
              "pausing because the server answered early for another 0.1 s");
    EXPECT_EQ(state(call_phase::pausing, [](auto& c) { c.pause = pause_reason::pacing; }),
              "waiting for its turn after an outage for 31 s");
    EXPECT_EQ(state(call_phase::parked,
                    [](auto& c) {
                        c.attempt = 2;
                        c.shares_poll = true;
                        c.last_status = durable_status::unknown;
                    }),
              "parked in slice 2 for 31 s (shares the poll of another wait), last seen in a status "
              "that this version does not know");
}

TEST(explanation_text, tells_times_in_a_unit_that_fits) {
    using model::duration_text;
    EXPECT_EQ(duration_text(0ms), "0.0 s");
    EXPECT_EQ(duration_text(9'999ms), "9.9 s");
    EXPECT_EQ(duration_text(10s), "10 s");
    EXPECT_EQ(duration_text(119s), "119 s");
    EXPECT_EQ(duration_text(120s), "2 min");
    EXPECT_EQ(duration_text(2h), "2 h");
    EXPECT_EQ(duration_text(47h), "47 h");
    EXPECT_EQ(duration_text(48h), "2 d");
    EXPECT_THAT(duration_text(std::chrono::milliseconds::max()), EndsWith(" d"));
}

TEST(explanation_text, groups_the_digits_of_counts) {
    for (auto const& [count, text] : {std::pair{0L, "0"},
                                      {999L, "999"},
                                      {1'000L, "1,000"},
                                      {1'234'567L, "1,234,567"},
                                      {-1'000L, "-1,000"},
                                      {-100L, "-100"}})
        EXPECT_EQ(model::count_text(count), text);
}

TEST(explanation_text, sums_up_what_would_scroll_past) {
    explanation crowd;
    for (int n = 0; n < 10'000; ++n)
        crowd.calls.push_back(parked("op_" + std::to_string(n)));
    crowd.calls[7'000].in_flight = 99h;
    crowd.calls.push_back(call_in(call_phase::queued, "op_lost"));
    auto const text = to_text(crowd);
    EXPECT_THAT(text, HasSubstr("\n  ... and 9,990 more like this: operations.wait, parked in a "
                                "slice\n"));
    EXPECT_THAT(text, HasSubstr("op_lost"));
    EXPECT_THAT(text, HasSubstr("op_7000 ")) << "the one that takes longest is shown";
    EXPECT_LT(text.find("op_lost"), text.find("op_7000"));
    EXPECT_THAT(text, Not(HasSubstr("op_9999")));
    EXPECT_LT(std::count(text.begin(), text.end(), '\n'), 20);
}

TEST(explanation_text, tells_what_holds_all_waits_back) {
    explanation what;
    what.waits = {1'000, 990, true, 24s};
    EXPECT_THAT(
        to_text(what),
        HasSubstr("\nwaits: 1,000 pieces of work polled, the server is out of reach, 990 wait "
                  "for their turn, polls ask for 24 s at the most because longer ones were "
                  "cut\n"));
    what.waits = {1'000, 0, false, {}};
    EXPECT_THAT(to_text(what), HasSubstr("\nwaits: 1,000 pieces of work polled\n"));
}

TEST(explanation_text, says_little_of_nothing) {
    EXPECT_THAT(to_text({}), HasSubstr("0 calls in flight"));
}

} // namespace
} // namespace bctrl
