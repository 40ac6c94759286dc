#include "emulator/model/document.hpp"

#include "emulator/model/json_text.hpp"
#include "emulator/model/run_result.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr milliseconds heartbeat_interval{100};

/// What a document says about one moment.
struct view {
    resource const& r;
    calendar const& dates;
    time_point now;
    status shown = status_at(r, now);

    life const& script() const { return *r.about.script; }
    time_point run_start() const { return r.created + r.plan.starts; }

    /// Up to when the life has gone its scripted way.
    time_point lived_until() const {
        if (r.cancel_requested) return *r.cancel_requested;
        return r.ended ? *r.finished : now;
    }
    bool has_started() const { return run_start() <= lived_until(); }

    /// The step that runs, failed, or was the last.
    std::size_t step() const {
        if (r.ended && !r.cancel_requested && r.plan.step_failed) return *r.plan.step_failed;
        if (r.ended && !r.cancel_requested && *r.ended == status::succeeded)
            return script().steps.size() - 1;
        return stage_at(script(), lived_until() - r.created).step;
    }
    bool shows_call() const {
        return shown == status::running || shown == status::failed || shown == status::timed_out;
    }
    std::string call() const { return script().steps[step()].call; }
};

json::value optional_date(view const& v, std::optional<time_point> when) {
    if (!when) return nullptr;
    return json::value(v.dates.date(*when));
}

json::value heartbeat(view const& v) {
    if (!v.has_started()) return nullptr;
    auto const end = v.r.ended ? *v.r.finished : v.now;
    auto const beats = (end - v.run_start()) / heartbeat_interval;
    return json::value(v.dates.date(v.run_start() + beats * heartbeat_interval));
}

std::string_view last_event(view const& v) {
    if (v.r.cancel_requested) return "cancel.requested";
    if (!v.r.ended) return "step.started";
    return v.r.plan.step_failed ? "step.failed" : "step.finished";
}

json::value progress(view const& v) {
    auto const& steps = v.script().steps;
    if (!v.has_started() || steps.empty()) return nullptr;
    auto const number = v.step() + 1;
    json::object o{
        {"step", number}, {"totalSteps", steps.size()}, {"lastEventType", last_event(v)}};
    if (v.shows_call()) o["currentCall"] = v.call();
    if (v.shown == status::running) {
        auto const& scripted = steps[v.step()].message;
        o["message"] = scripted.empty() ? "Running " + v.call() : scripted;
    } else if (v.r.ended && v.r.plan.step_failed && !v.r.cancel_requested) {
        o["message"] = "Step " + std::to_string(number) + " failed";
    }
    return o;
}

json::value optional_text(std::optional<std::string> const& text) {
    return text ? json::value(*text) : json::value{};
}

json::value request_of(resource const& r) {
    if (!r.about.request.empty()) return *parse_json(r.about.request);
    json::array steps;
    for (auto const& s : r.about.script->steps) {
        steps.push_back(json::object{{"call", s.call}, {"args", json::array{}}});
    }
    return json::object{
        {"runtimeId", r.about.runtime_id}, {"mode", "fail-fast"}, {"steps", std::move(steps)}};
}

void add_operation_members(json::object& o, view const& v) {
    o["workspaceId"] = v.r.about.owner_id;
    o["runtime"] = v.r.about.runtime;
    auto const has_call = v.shows_call() && !v.script().steps.empty();
    o["currentCall"] = has_call ? json::value(v.call()) : json::value{};
}

void add_invocation_members(json::object& o, view const& v) {
    auto const& about = v.r.about;
    auto const& steps = v.script().steps;
    o["executionMode"] = about.execution_mode;
    o["sequenceNo"] = v.r.sequence_no;
    o["spaceId"] = about.owner_id;
    o["runId"] = about.run_id;
    o["artifactCount"] = about.artifact_count;
    o["stepCount"] = steps.size();
    o["entryCall"] = steps.empty() ? std::string{} : steps.front().call;
    o["durationMs"] = nullptr;
    if (v.r.ended && v.has_started()) {
        o["durationMs"] =
            std::chrono::duration_cast<milliseconds>(*v.r.finished - v.run_start()).count();
    }
    o["connector"] = optional_text(about.connector);
    o["correlationId"] = optional_text(about.correlation_id);
    o["metadata"] = *parse_json(about.metadata);
    o["request"] = request_of(v.r);
}

void add_common_members(json::object& o, view const& v) {
    o["runtimeId"] = v.r.about.runtime_id;
    o["runtimeKind"] = v.r.about.runtime_kind;
    o["createdAt"] = v.dates.date(v.r.created);
    o["startedAt"] =
        optional_date(v, v.has_started() ? std::optional{v.run_start()} : std::nullopt);
    o["finishedAt"] = optional_date(v, v.r.finished);
    o["cancelRequestedAt"] = optional_date(v, v.r.cancel_requested);
    o["lastHeartbeatAt"] = heartbeat(v);
    o["progress"] = progress(v);
    o["result"] = v.r.ended ? result_of(v.r) : json::value{};
    o["error"] = v.r.ended ? error_of(v.r) : json::value{};
}

std::string written(view const& v) {
    json::object o{{"id", v.r.about.id}, {"status", name_of(v.shown)}};
    if (v.r.kind == resource_kind::operation) {
        add_operation_members(o, v);
    } else {
        add_invocation_members(o, v);
    }
    add_common_members(o, v);
    return json::serialize(o);
}

} // namespace

std::string document_of(resource const& r, time_point now, calendar const& dates) {
    if (!r.ended) return written({r, dates, now});
    if (r.final_document.empty()) r.final_document = written({r, dates, now});
    return r.final_document;
}

} // namespace bctrl::emulator
