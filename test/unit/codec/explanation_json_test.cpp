#include <bctrl/explanation.hpp>

#include "json_compare.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace bctrl {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(explanation_json, names_everything) {
    explanation what;
    auto& stats = what.stats;
    auto n = std::int64_t{0};
    for (auto* const each : {&stats.calls,
                             &stats.queued,
                             &stats.dials,
                             &stats.sockets,
                             &stats.watches,
                             &stats.calls_succeeded,
                             &stats.calls_failed,
                             &stats.calls_cancelled,
                             &stats.requests,
                             &stats.retries,
                             &stats.replays,
                             &stats.connections,
                             &stats.dials_begun,
                             &stats.dials_failed,
                             &stats.handshakes,
                             &stats.handshakes_resumed,
                             &stats.queue_refusals,
                             &stats.queue_timeouts,
                             &stats.bytes_sent,
                             &stats.bytes_received,
                             &stats.polls,
                             &stats.slices,
                             &stats.early_answers,
                             &stats.wait_faults,
                             &stats.polls_shared,
                             &stats.remote_cancels,
                             &stats.remote_cancels_confirmed,
                             &stats.remote_cancels_failed})
        *each = ++n;

    auto& lane = what.lanes.emplace_back();
    lane = {lane_kind::wait, 1, 2, 3, 4, 5, 6, 7, 28, 8, 9, 10, 11ms, {}};
    lane.last_failed_dial = fault_explanation{errc::connect_failed, 0, "no \"way\"", {}, 12ms};
    what.lanes.emplace_back();

    what.waits = {25, 26, 28, true, 27ms};

    auto& call = what.calls.emplace_back();
    call.call = "operations.wait";
    call.id = "op_1";
    call.lane = lane_kind::wait;
    call.phase = call_phase::pausing;
    call.pause = pause_reason::early_answer;
    call.in_flight = 5s;
    call.in_phase = 4s;
    call.time_left = 3s;
    call.pause_left = 2s;
    call.asked = 50s;
    call.attempt = 2;
    call.place = 7;
    call.shares_poll = true;
    call.last_status = durable_status::timed_out;
    call.last_error = fault_explanation{errc::server_error, 503, "busy", "req_1", 1s};
    what.calls.emplace_back().phase = call_phase::awaiting;

    EXPECT_EQ(to_json(what),
              R"({"stats":{"calls":1,"queued":2,"dials":3,"sockets":4,"watches":5,"callsBegun":22,)"
              R"("callsSucceeded":6,"callsFailed":7,"callsCancelled":8,"requests":9,"retries":10,)"
              R"("replays":11,"connections":12,"dialsBegun":13,"dialsFailed":14,"handshakes":15,)"
              R"("handshakesResumed":16,"queueRefusals":17,"queueTimeouts":18,"bytesSent":19,)"
              R"("bytesReceived":20,"polls":21,"slices":22,"earlyAnswers":23,"waitFaults":24,)"
              R"("pollsShared":25,"remoteCancels":26,"remoteCancelsConfirmed":27,)"
              R"("remoteCancelsFailed":28},)"
              R"("lanes":[{"lane":"wait","limit":1,"open":2,"inUse":3,"idle":4,)"
              R"("requests":5,"resolving":6,"connecting":7,"tunnelling":28,"handshaking":8,)"
              R"("oldestDialMs":11,"queued":9,"queueLimit":10,"lastFailedDial":{"code":"bctrl:41",)"
              R"("what":"no connection could be made","message":"no \"way\"","agoMs":12}},)"
              R"({"lane":"control","limit":0,"open":0,"inUse":0,"idle":0,"requests":0,)"
              R"("resolving":0,"connecting":0,"tunnelling":0,"handshaking":0,"queued":0,)"
              R"("queueLimit":0}],)"
              R"("waits":{"polled":25,"awaitingTurn":26,"awaitingConnection":28,)"
              R"("serverOutOfReach":true,"learnedSliceMs":27},)"
              R"("calls":[{"call":"operations.wait","id":"op_1","lane":"wait","phase":"pausing",)"
              R"("pause":"early_answer","inFlightMs":5000,"inPhaseMs":4000,"timeLeftMs":3000,)"
              R"("pauseLeftMs":2000,"askedMs":50000,"attempt":2,"place":7,"sharesPoll":true,)"
              R"("lastStatus":"timed_out","lastError":{"code":"bctrl:87",)"
              R"("what":"the server failed","status":503,"message":"busy","requestId":"req_1",)"
              R"("agoMs":1000}},{"lane":"control","phase":"awaiting","inFlightMs":0,)"
              R"("inPhaseMs":0,"sharesPoll":false}]})");
}

TEST(explanation_json, tells_that_nothing_is_verified) {
    explanation what;
    EXPECT_THAT(to_json(what), Not(HasSubstr("Certificate")));
    what.accepts_any_certificate = true;
    EXPECT_THAT(to_json(what), StartsWith(R"({"acceptsAnyCertificate":true,"stats")"));
}

TEST(explanation_json, is_json_whatever_the_texts_are) {
    explanation what;
    what.calls.emplace_back().id = "\xFF\"\n\x01";
    what.calls.back().last_status = durable_status::unknown;
    auto const text = to_json(what);
    EXPECT_TRUE(codec::same_json(text, text)) << text;
    EXPECT_THAT(text, HasSubstr(R"("lastStatus":"unknown")"));
}

TEST(explanation_json, has_a_name_for_every_phase_and_pause) {
    explanation what;
    for (auto phase = 0; phase <= static_cast<int>(call_phase::pausing); ++phase)
        what.calls.emplace_back().phase = static_cast<call_phase>(phase);
    for (auto const why : {pause_reason::backoff, pause_reason::pacing, pause_reason::no_time_left})
        what.calls.emplace_back().pause = why;
    auto const text = to_json(what);
    for (auto const* name :
         {"beginning", "queued", "dialling", "sending", "awaiting", "parked", "reading", "pausing"})
        EXPECT_THAT(text, HasSubstr(std::string{R"("phase":")"} + name + "\""));
    for (auto const* name : {"backoff", "pacing"})
        EXPECT_THAT(text, HasSubstr(std::string{R"("pause":")"} + name + "\""));
}

} // namespace
} // namespace bctrl
