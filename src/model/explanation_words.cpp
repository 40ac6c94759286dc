#include "model/explanation_words.hpp"

#include <string_view>

namespace bctrl::model {

namespace {

using std::chrono::milliseconds;

std::string_view name_of(lane_kind lane) noexcept {
    return lane == lane_kind::wait ? "wait" : "control";
}

std::string count_of(std::size_t count) {
    return count_text(static_cast<std::int64_t>(count));
}

std::string seconds_text(milliseconds time) {
    auto const tenths = time.count() / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string why_pausing(pause_reason why) {
    switch (why) {
        case pause_reason::backoff:
            return "backing off";
        case pause_reason::early_answer:
            return "pausing because the server answered early";
        case pause_reason::pacing:
            return "waiting for its turn after an outage";
        case pause_reason::no_time_left:
            return "out of time for another poll";
        case pause_reason::none:
            break;
    }
    return "pausing";
}

std::string describe(fault_explanation const& fault) {
    auto text = fault.status > 0 ? std::to_string(fault.status) + ", " : std::string{};
    text += fault.code.message();
    if (!fault.message.empty()) text += " (" + fault.message + ")";
    if (!fault.request_id.empty()) text += " [" + fault.request_id + "]";
    return text + " " + duration_text(fault.ago) + " ago";
}

std::string where_queued(call_explanation const& call) {
    auto const lane = " in lane " + std::string{name_of(call.lane)};
    if (call.phase == call_phase::dialling)
        return "waiting for a connection being dialled" + lane + ", place " + count_of(call.place);
    if (call.place == 0) return "queued" + lane;
    return "queued at place " + count_of(call.place) + lane;
}

std::string phase_name(call_explanation const& call) {
    switch (call.phase) {
        case call_phase::beginning:
            return "beginning";
        case call_phase::queued:
            return "queued";
        case call_phase::dialling:
            return "waiting for a connection being dialled";
        case call_phase::sending:
            return "sending its request";
        case call_phase::awaiting:
            return "with the server";
        case call_phase::parked:
            return "parked in a slice";
        case call_phase::reading:
            return "reading the answer";
        case call_phase::pausing:
            return why_pausing(call.pause);
    }
    return {};
}

std::string sharing(call_explanation const& call) {
    return call.shares_poll ? " (shares the poll of another wait)" : "";
}

std::string last_seen(durable_status status) {
    if (status == durable_status::unknown) return "in a status that this version does not know";
    return std::string{text_of(status)};
}

std::string phase_text(call_explanation const& call) {
    auto const time = " for " + duration_text(call.in_phase);
    switch (call.phase) {
        case call_phase::queued:
        case call_phase::dialling:
            return where_queued(call) + time;
        case call_phase::parked:
            return "parked in slice " + count_of(call.attempt) + time +
                   (call.asked ? " (asked for " + duration_text(*call.asked) + ")" : "");
        case call_phase::pausing:
            if (!call.pause_left) return why_pausing(call.pause) + time;
            return why_pausing(call.pause) + " for another " + duration_text(*call.pause_left);
        default:
            return phase_name(call) + time;
    }
}

} // namespace

std::string count_text(std::int64_t count) {
    auto text = std::to_string(count);
    for (auto at = text.size(); at > 3 && text[at - 4] != '-';) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string duration_text(milliseconds time) {
    using namespace std::chrono_literals;
    if (time < 10s) return seconds_text(time);
    if (time < 2min) return std::to_string(time / 1s) + " s";
    if (time < 2h) return std::to_string(time / 1min) + " min";
    if (time < 48h) return std::to_string(time / 1h) + " h";
    return count_text(time / 24h) + " d";
}

std::string what_it_does(call_explanation const& call) {
    return phase_name(call) + sharing(call);
}

std::string state_of(call_explanation const& call) {
    auto text = phase_text(call) + sharing(call);
    auto const told = call.phase == call_phase::parked || call.attempt == 0;
    if (!told)
        text += (call.phase == call_phase::pausing ? ", after attempt " : ", attempt ") +
                count_of(call.attempt);
    if (call.last_status) text += ", last seen " + last_seen(*call.last_status);
    if (call.last_error) text += "; last error: " + describe(*call.last_error);
    return text;
}

std::string describe(lane_explanation const& lane) {
    auto text = "lane " + std::string{name_of(lane.lane)} + ": " + count_of(lane.open) + " of " +
                count_of(lane.limit) + " connections open (" + count_of(lane.in_use) + " in use, " +
                count_of(lane.idle) + " idle; requests: " + count_of(lane.requests) + "), " +
                count_of(lane.dialling()) + " dialling";
    if (lane.dialling() > 0) {
        text += " (" + count_of(lane.resolving) + " resolving, " + count_of(lane.connecting) +
                " connecting, ";
        // Few have a proxy.
        if (lane.tunnelling > 0) text += count_of(lane.tunnelling) + " asking the proxy, ";
        text += count_of(lane.handshaking) + " in the handshake";
        if (lane.oldest_dial) text += "; the oldest for " + duration_text(*lane.oldest_dial);
        text += ")";
    }
    text += ", queue " + count_of(lane.queued) + " of " + count_of(lane.queue_limit);
    if (lane.last_failed_dial) text += "\n  last failed dial: " + describe(*lane.last_failed_dial);
    return text;
}

} // namespace bctrl::model
