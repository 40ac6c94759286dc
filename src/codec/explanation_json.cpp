#include "codec/free_json.hpp"
#include "codec/json_string.hpp"

#include <bctrl/explanation.hpp>

#include <concepts>
#include <string_view>

namespace bctrl {

namespace {

using std::chrono::milliseconds;

std::string_view name_of(lane_kind lane) noexcept {
    return lane == lane_kind::wait ? "wait" : "control";
}

std::string_view name_of(call_phase phase) noexcept {
    switch (phase) {
        case call_phase::beginning:
            return "beginning";
        case call_phase::queued:
            return "queued";
        case call_phase::dialling:
            return "dialling";
        case call_phase::sending:
            return "sending";
        case call_phase::awaiting:
            return "awaiting";
        case call_phase::parked:
            return "parked";
        case call_phase::reading:
            return "reading";
        case call_phase::pausing:
            return "pausing";
    }
    return {};
}

std::string_view name_of(pause_reason why) noexcept {
    switch (why) {
        case pause_reason::none:
            return {};
        case pause_reason::backoff:
            return "backoff";
        case pause_reason::early_answer:
            return "early_answer";
        case pause_reason::pacing:
            return "pacing";
        case pause_reason::no_time_left:
            return "no_time_left";
    }
    return {};
}

std::string_view name_of(durable_status status) noexcept {
    return status == durable_status::unknown ? "unknown" : text_of(status);
}

/// Writes one object while it lives.
class object {
public:
    explicit object(codec::free_json_writer& out) : out_{out} { out_.begin('{'); }
    object(codec::free_json_writer& out, std::string_view name) : out_{out} {
        out_.key(name);
        out_.begin('{');
    }
    object(object const&) = delete;
    object& operator=(object const&) = delete;
    ~object() { out_.end('}'); }

    template <std::integral Number>
    void number(std::string_view name, Number value) {
        out_.key(name);
        out_.literal(std::to_string(value));
    }
    void flag(std::string_view name, bool value) {
        out_.key(name);
        out_.literal(value ? "true" : "false");
    }
    /// Counted from 1.
    void ordinal(std::string_view name, std::size_t value) {
        if (value > 0) number(name, value);
    }
    void time(std::string_view name, std::optional<milliseconds> value) {
        if (value) number(name, value->count());
    }
    void text(std::string_view name, std::string_view value) {
        if (value.empty()) return;
        out_.key(name);
        out_.repaired_string(value);
    }

private:
    codec::free_json_writer& out_;
};

void write_stats(codec::free_json_writer& out, client_stats const& seen) {
    object stats{out, "stats"};
    stats.number("calls", seen.calls);
    stats.number("queued", seen.queued);
    stats.number("dials", seen.dials);
    stats.number("sockets", seen.sockets);
    stats.number("watches", seen.watches);
    stats.number("callsBegun", seen.calls_begun());
    stats.number("callsSucceeded", seen.calls_succeeded);
    stats.number("callsFailed", seen.calls_failed);
    stats.number("callsCancelled", seen.calls_cancelled);
    stats.number("requests", seen.requests);
    stats.number("retries", seen.retries);
    stats.number("replays", seen.replays);
    stats.number("connections", seen.connections);
    stats.number("dialsBegun", seen.dials_begun);
    stats.number("dialsFailed", seen.dials_failed);
    stats.number("handshakes", seen.handshakes);
    stats.number("handshakesResumed", seen.handshakes_resumed);
    stats.number("queueRefusals", seen.queue_refusals);
    stats.number("queueTimeouts", seen.queue_timeouts);
    stats.number("bytesSent", seen.bytes_sent);
    stats.number("bytesReceived", seen.bytes_received);
    stats.number("polls", seen.polls);
    stats.number("slices", seen.slices);
    stats.number("earlyAnswers", seen.early_answers);
    stats.number("waitFaults", seen.wait_faults);
    stats.number("pollsShared", seen.polls_shared);
    stats.number("remoteCancels", seen.remote_cancels);
    stats.number("remoteCancelsConfirmed", seen.remote_cancels_confirmed);
    stats.number("remoteCancelsFailed", seen.remote_cancels_failed);
}

void write_fault(codec::free_json_writer& out, std::string_view name,
                 std::optional<fault_explanation> const& seen) {
    if (!seen) return;
    object fault{out, name};
    fault.text("code", seen->code.to_string());
    fault.text("what", seen->code.message());
    if (seen->status > 0) fault.number("status", seen->status);
    fault.text("message", seen->message);
    fault.text("requestId", seen->request_id);
    fault.time("agoMs", seen->ago);
}

void write_lane(codec::free_json_writer& out, lane_explanation const& seen) {
    object lane{out};
    lane.text("lane", name_of(seen.lane));
    lane.number("limit", seen.limit);
    lane.number("open", seen.open);
    lane.number("inUse", seen.in_use);
    lane.number("idle", seen.idle);
    lane.number("requests", seen.requests);
    lane.number("resolving", seen.resolving);
    lane.number("connecting", seen.connecting);
    lane.number("tunnelling", seen.tunnelling);
    lane.number("handshaking", seen.handshaking);
    lane.time("oldestDialMs", seen.oldest_dial);
    lane.number("queued", seen.queued);
    lane.number("queueLimit", seen.queue_limit);
    write_fault(out, "lastFailedDial", seen.last_failed_dial);
}

void write_waits(codec::free_json_writer& out, waits_explanation const& seen) {
    object waits{out, "waits"};
    waits.number("polled", seen.polled);
    waits.number("awaitingTurn", seen.awaiting_turn);
    waits.number("awaitingConnection", seen.awaiting_connection);
    waits.flag("serverOutOfReach", seen.server_out_of_reach);
    waits.time("learnedSliceMs", seen.learned_slice);
}

void write_call(codec::free_json_writer& out, call_explanation const& seen) {
    object call{out};
    call.text("call", seen.call);
    call.text("id", seen.id);
    call.text("lane", name_of(seen.lane));
    call.text("phase", name_of(seen.phase));
    call.text("pause", name_of(seen.pause));
    call.time("inFlightMs", seen.in_flight);
    call.time("inPhaseMs", seen.in_phase);
    call.time("timeLeftMs", seen.time_left);
    call.time("pauseLeftMs", seen.pause_left);
    call.time("askedMs", seen.asked);
    call.ordinal("attempt", seen.attempt);
    call.ordinal("place", seen.place);
    call.flag("sharesPoll", seen.shares_poll);
    if (seen.last_status) call.text("lastStatus", name_of(*seen.last_status));
    write_fault(out, "lastError", seen.last_error);
}

template <class Each, class Write>
void write_list(codec::free_json_writer& out, std::string_view name, std::vector<Each> const& all,
                Write write) {
    out.key(name);
    out.begin('[');
    for (auto const& each : all)
        write(out, each);
    out.end(']');
}

} // namespace

std::string to_json(explanation const& what) {
    codec::free_json_writer out;
    {
        object all{out};
        if (what.accepts_any_certificate) all.flag("acceptsAnyCertificate", true);
        write_stats(out, what.stats);
        write_list(out, "lanes", what.lanes, write_lane);
        write_waits(out, what.waits);
        write_list(out, "calls", what.calls, write_call);
    }
    return out.text();
}

} // namespace bctrl
