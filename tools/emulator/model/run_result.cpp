#include "emulator/model/run_result.hpp"

#include "emulator/model/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

json::object resolved(step const& s, resource const& r) {
    auto const dot = s.call.find('.');
    auto const method = dot == std::string::npos ? s.call : s.call.substr(dot + 1);
    json::object o{{"call", s.call},     {"method", method},     {"target", s.call.substr(0, dot)},
                   {"pageId", "page_1"}, {"contextId", "ctx_1"}, {"handleId", nullptr},
                   {"ref", nullptr}};
    if (r.kind == resource_kind::operation) {
        o["sessionId"] = "sess_" + r.about.runtime_id.substr(0, 8);
    } else {
        o["runtimeId"] = r.about.runtime_id;
    }
    return o;
}

json::object succeeded_step(std::size_t index, step const& s, resource const& r) {
    json::object o{{"index", index},
                   {"ok", true},
                   {"call", s.call},
                   {"resolved", resolved(s, r)},
                   {"result", *parse_json(s.result)}};
    if (!s.bind.empty()) {
        o["binding"] = json::object{{"alias", s.bind}, {"id", "page_1"}, {"type", "page"}};
    }
    return o;
}

json::object failed_step(std::size_t index, step const& s) {
    static step_error const cut_off{.code = "TIMEOUT",
                                    .message = "The time ran out during this step."};
    auto const& e = s.error ? *s.error : cut_off;
    json::object error{{"code", e.code}, {"message", e.message}};
    if (!e.hint.empty()) error["hint"] = e.hint;
    if (!e.diagnostic.empty()) error["diagnostic"] = *parse_json(e.diagnostic);
    return {{"index", index}, {"ok", false}, {"call", s.call}, {"error", std::move(error)}};
}

json::object scripted_error(life_error const& e) {
    json::object o;
    if (!e.code.empty()) o["code"] = e.code;
    o["message"] = e.message;
    if (!e.details.empty()) o["details"] = *parse_json(e.details);
    return o;
}

json::object failure_error(resource const& r) {
    if (!r.plan.step_failed) return {{"code", "FAILED"}, {"message", "The run failed."}};
    auto const index = *r.plan.step_failed;
    auto const& call = r.about.script->steps[index].call;
    return {{"code", "STEP_FAILED"},
            {"message", "Step " + std::to_string(index) + " could not be executed."},
            {"details", json::object{{"stepIndex", index}, {"call", call}}}};
}

json::object timeout_error(resource const& r) {
    auto const allowed = (r.plan.ends - r.plan.starts).count();
    return {{"code", "TIMEOUT"},
            {"message", "The run took longer than allowed."},
            {"details", json::object{{"timeoutMs", allowed}}}};
}

} // namespace

json::value result_of(resource const& r) {
    if (*r.ended == status::cancelled) return nullptr;
    auto const& steps = r.about.script->steps;
    json::array done;
    for (std::size_t i = 0; i < r.plan.steps_done; ++i)
        done.push_back(succeeded_step(i, steps[i], r));
    if (auto const failed = r.plan.step_failed)
        done.push_back(failed_step(*failed, steps[*failed]));

    json::object o{{"mode", "fail-fast"}, {"ok", *r.ended == status::succeeded}};
    if (r.kind == resource_kind::operation) {
        o["runtime"] = r.about.runtime;
    } else {
        o["runtimeId"] = r.about.runtime_id;
    }
    o["steps"] = std::move(done);
    return o;
}

json::value error_of(resource const& r) {
    if (*r.ended == status::succeeded) return nullptr;
    // A cancellation on request is no part of the script, so the script's error is not its error.
    if (r.about.script->error && !r.cancel_requested) return scripted_error(*r.about.script->error);
    if (*r.ended == status::cancelled) return json::object{{"message", "Cancelled on request."}};
    return *r.ended == status::failed ? failure_error(r) : timeout_error(r);
}

} // namespace bctrl::emulator
