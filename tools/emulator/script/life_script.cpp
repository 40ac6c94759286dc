#include "emulator/script/life_script.hpp"

#include "emulator/script/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

step_error read_step_error(json::value const& value, std::string const& path) {
    json_fields fields{value, path};
    step_error e;
    e.code = fields.text("code").value_or(e.code);
    e.message = fields.text("message").value_or(e.message);
    e.hint = fields.text("hint").value_or(e.hint);
    if (auto const* diagnostic = fields.object("diagnostic"))
        e.diagnostic = json::serialize(*diagnostic);
    fields.refuse_others();
    return e;
}

step read_step(json::value const& value, std::string const& path) {
    json_fields fields{value, path};
    step s;
    s.call = fields.text("call").value_or(s.call);
    s.takes = fields.milliseconds("ms").value_or(s.takes);
    s.message = fields.text("message").value_or(s.message);
    s.bind = fields.text("bind").value_or(s.bind);
    if (auto const* result = fields.find("result")) s.result = json::serialize(*result);
    if (auto const* error = fields.find("error"))
        s.error = read_step_error(*error, fields.at("error"));
    fields.refuse_others();
    return s;
}

life_error read_error(json::value const& value, std::string const& path) {
    json_fields fields{value, path};
    life_error e;
    e.code = fields.text("code").value_or("");
    e.message = fields.text("message").value_or("");
    if (auto const* details = fields.object("details")) e.details = json::serialize(*details);
    fields.refuse_others();
    return e;
}

std::optional<ending> read_ending(json_fields& fields) {
    auto const text = fields.text("end");
    if (!text) return std::nullopt;
    if (*text == "succeeded") return ending::succeeded;
    if (*text == "failed") return ending::failed;
    if (*text == "timed_out") return ending::timed_out;
    if (*text == "cancelled") return ending::cancelled;
    throw script_fault{fields.at("end"), "must be succeeded, failed, timed_out or cancelled"};
}

std::vector<step> read_steps(json::array const& values, std::string const& path) {
    std::vector<step> steps;
    for (auto const& value : values) {
        steps.push_back(read_step(value, path + "[" + std::to_string(steps.size()) + "]"));
    }
    return steps;
}

} // namespace

life read_life(json::value const& value, std::string const& path) {
    json_fields fields{value, path};
    life script;
    script.queued = fields.milliseconds("queuedMs").value_or(script.queued);
    script.dispatching = fields.milliseconds("dispatchingMs").value_or(script.dispatching);
    script.running = fields.milliseconds("runtimeMs");
    script.cancelling = fields.milliseconds("cancelMs").value_or(script.cancelling);
    script.end = read_ending(fields);
    if (auto const* steps = fields.array("steps")) {
        script.steps = read_steps(*steps, fields.at("steps"));
    } else if (script.running) {
        script.steps = {{.takes = *script.running}};
    }
    if (auto const* error = fields.find("error"))
        script.error = read_error(*error, fields.at("error"));
    fields.refuse_others();
    if (auto const fault = fault_in(script)) throw script_fault{path, "is impossible: " + *fault};
    return script;
}

} // namespace bctrl::emulator
