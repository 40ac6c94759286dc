#include "api/explain.hpp"

#include "api/concealed_key.hpp"
#include "api/start_call.hpp"
#include "codec/readable_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace bctrl::detail {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_message = 300;

/// What all calls are looked at with.
struct view {
    steady_time now;
    key_search const* traces;
    std::vector<lane_explanation> const& lanes;

    milliseconds since(steady_time then) const noexcept {
        return std::max(std::chrono::floor<milliseconds>(now - then), milliseconds{0});
    }
    milliseconds until(steady_time then) const noexcept {
        return std::max(std::chrono::ceil<milliseconds>(then - now), milliseconds{0});
    }
    /// Text that came from outside.
    std::string readable(std::string text, std::size_t longest) const {
        conceal(text, traces);
        return codec::readable_text(text, longest);
    }
    std::size_t dialling(lane_kind lane) const noexcept {
        for (auto const& each : lanes)
            if (each.lane == lane) return each.dialling();
        return 0;
    }
};

fault_explanation explain_fault(view const& at, activity const& doing) {
    fault_explanation seen;
    seen.code = doing.fault();
    seen.status = doing.fault_status();
    seen.ago = at.since(doing.failed_at());
    auto const* const details = doing.fault_details();
    if (!details) return seen;
    seen.message = at.readable(details->message, longest_message);
    seen.request_id = at.readable(details->request_id, codec::longest_header_quote);
    return seen;
}

void explain_phase(view const& at, activity const& doing, call_explanation& seen) {
    seen.phase = doing.phase();
    seen.in_phase = at.since(doing.since());
    switch (doing.phase()) {
        case call_phase::queued:
            seen.place = doing.place();
            // Dials serve those who wait, in their order.
            if (seen.place > 0 && seen.place <= at.dialling(seen.lane))
                seen.phase = call_phase::dialling;
            break;
        case call_phase::awaiting:
            if (!doing.polls()) break;
            seen.phase = call_phase::parked;
            seen.asked = doing.length();
            break;
        case call_phase::pausing:
            seen.pause = doing.why_paused();
            if (doing.length().count() > 0)
                seen.pause_left = at.until(later(doing.since(), doing.length()));
            break;
        default:
            break;
    }
}

call_explanation explain_call(view const& at, listed_call const& call,
                              call_subject const& subject) {
    auto const& doing = call.doing();
    call_explanation seen;
    seen.call = at.readable(std::string{subject.name}, longest_id);
    seen.id = at.readable(subject.resource_id, longest_id);
    seen.lane = subject.lane;
    seen.in_flight = at.since(call.begun());
    if (call.deadline() != steady_time::max()) seen.time_left = at.until(call.deadline());
    explain_phase(at, doing, seen);
    seen.attempt = doing.number();
    seen.shares_poll = doing.calls() > 1;
    seen.last_status = doing.seen();
    if (doing.fault() != errc{}) seen.last_error = explain_fault(at, doing);
    return seen;
}

/// How many queue for a connection for waits.
std::size_t queued_waits(std::vector<lane_explanation> const& lanes) noexcept {
    for (auto const& each : lanes)
        if (each.lane == lane_kind::wait) return each.queued;
    return 0;
}

explanation explained(client_core& core) {
    explanation seen;
    seen.accepts_any_certificate = core.settings().accepts_any_certificate;
    seen.stats = core.stats();
    seen.lanes = core.explain_lanes();
    seen.waits = core.waits().explain(queued_waits(seen.lanes) + 1);
    view const at{core.runs_on().now(), core.settings().traces.get(), seen.lanes};
    seen.calls.reserve(static_cast<std::size_t>(std::max<std::int64_t>(seen.stats.calls, 0)));
    for (auto const& each : core.in_flight()) {
        // What shows no subject has not begun, or is over and about to tell its caller.
        if (auto const* const subject = each.subject())
            seen.calls.push_back(explain_call(at, each, *subject));
    }
    for (auto& each : seen.lanes)
        if (each.last_failed_dial)
            each.last_failed_dial->message =
                at.readable(std::move(each.last_failed_dial->message), longest_message);
    return seen;
}

} // namespace

rpc::call_outcome<explanation> explain(client_core& core) {
    try {
        return explained(core);
    } catch (...) {
        return failure_of(std::current_exception());
    }
}

} // namespace bctrl::detail
