#include "emulator/state/record.hpp"

#include "emulator/model/json_text.hpp"

#include <boost/json/array.hpp>

#include <array>
#include <limits>
#include <utility>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

constexpr auto most = std::numeric_limits<std::int64_t>::max();

void put(json::object& o, std::string_view name, std::optional<std::size_t> number) {
    if (number) o[name] = *number;
}

void put(json::object& o, std::string_view name, std::optional<std::string> const& text) {
    if (text) o[name] = *text;
}

std::optional<std::size_t> number_in(json_fields& record, std::string_view name) {
    auto const number = record.count(name, 0, most);
    if (!number) return std::nullopt;
    return static_cast<std::size_t>(*number);
}

/// Text that holds JSON in its turn.
std::string json_text_in(json_fields& record, std::string_view name) {
    auto text = text_in(record, name);
    if (!parse_json(text)) throw script_fault{record.at(name), "holds no JSON"};
    return text;
}

std::chrono::milliseconds time_in(json_fields& record, std::string_view name) {
    return record.milliseconds(name).value_or(std::chrono::milliseconds{0});
}

json::object record_of_error(step_error const& e) {
    return {
        {"code", e.code}, {"message", e.message}, {"hint", e.hint}, {"diagnostic", e.diagnostic}};
}

step_error step_error_in(json::value const& value, std::string const& path) {
    json_fields record{value, path};
    step_error e{.code = text_in(record, "code"),
                 .message = text_in(record, "message"),
                 .hint = text_in(record, "hint"),
                 .diagnostic = text_in(record, "diagnostic")};
    record.refuse_others();
    return e;
}

json::object record_of_step(step const& s) {
    json::object o{{"call", s.call},
                   {"ms", s.takes.count()},
                   {"result", s.result},
                   {"message", s.message},
                   {"bind", s.bind}};
    if (s.error) o["error"] = record_of_error(*s.error);
    return o;
}

step step_in(json::value const& value, std::string const& path) {
    json_fields record{value, path};
    step s{.call = text_in(record, "call"),
           .takes = time_in(record, "ms"),
           .result = text_in(record, "result"),
           .message = text_in(record, "message"),
           .bind = text_in(record, "bind")};
    if (auto const* error = record.find("error"))
        s.error = step_error_in(*error, record.at("error"));
    record.refuse_others();
    return s;
}

std::vector<step> steps_in(json_fields& record) {
    std::vector<step> steps;
    auto const* values = record.array("steps");
    if (values == nullptr) throw script_fault{record.at("steps"), "is missing"};
    for (auto const& value : *values)
        steps.push_back(step_in(value, record.at("steps[" + std::to_string(steps.size()) + "]")));
    return steps;
}

life_error life_error_in(json::value const& value, std::string const& path) {
    json_fields record{value, path};
    life_error e{.code = text_in(record, "code"),
                 .message = text_in(record, "message"),
                 .details = text_in(record, "details")};
    record.refuse_others();
    return e;
}

constexpr std::array endings{ending::succeeded, ending::failed, ending::timed_out,
                             ending::cancelled};

std::optional<ending> ending_in(json_fields& record) {
    auto const name = record.text("end");
    if (!name) return std::nullopt;
    for (auto const e : endings) {
        if (*name == name_of(status_of(e))) return e;
    }
    throw script_fault{record.at("end"), "is no ending"};
}

} // namespace

std::string text_in(json_fields& record, std::string_view name) {
    auto text = record.text(name);
    if (!text) throw script_fault{record.at(name), "is missing"};
    return *std::move(text);
}

json::object record_of(life const& script) {
    json::array steps;
    for (auto const& s : script.steps)
        steps.push_back(record_of_step(s));
    json::object o{{"queuedMs", script.queued.count()},
                   {"dispatchingMs", script.dispatching.count()},
                   {"steps", std::move(steps)},
                   {"cancelMs", script.cancelling.count()}};
    if (script.running) o["runtimeMs"] = script.running->count();
    if (script.end) o["end"] = name_of(status_of(*script.end));
    if (auto const& e = script.error)
        o["error"] =
            json::object{{"code", e->code}, {"message", e->message}, {"details", e->details}};
    return o;
}

life life_in(json::value const& value, std::string const& path) {
    json_fields record{value, path};
    life script{.queued = time_in(record, "queuedMs"),
                .dispatching = time_in(record, "dispatchingMs"),
                .steps = steps_in(record),
                .running = record.milliseconds("runtimeMs"),
                .end = ending_in(record),
                .cancelling = time_in(record, "cancelMs")};
    if (auto const* error = record.find("error"))
        script.error = life_error_in(*error, record.at("error"));
    record.refuse_others();
    if (auto const fault = fault_in(script)) throw script_fault{path, "is impossible: " + *fault};
    return script;
}

json::object record_of(page_script const& pages) {
    json::array sizes;
    for (auto const size : pages.sizes)
        sizes.push_back(size);
    json::object o{{"pageSizes", std::move(sizes)}};
    put(o, "emptyPageAt", pages.empty_page);
    put(o, "repeatCursorAt", pages.repeat_cursor);
    return o;
}

page_script pages_in(json_fields& record) {
    page_script pages{.empty_page = number_in(record, "emptyPageAt"),
                      .repeat_cursor = number_in(record, "repeatCursorAt")};
    auto const* sizes = record.array("pageSizes");
    if (sizes == nullptr) throw script_fault{record.at("pageSizes"), "is missing"};
    for (auto const& size : *sizes) {
        if (!size.is_int64() || size.get_int64() < 0)
            throw script_fault{record.at("pageSizes"), "holds more than sizes"};
        pages.sizes.push_back(static_cast<std::size_t>(size.get_int64()));
    }
    return pages;
}

json::object record_of(shared_ids const& ids) {
    return {{"workspaceId", ids.workspace}, {"spaceId", ids.space}, {"runtimeId", ids.runtime}};
}

shared_ids shared_ids_in(json_fields& record) {
    return {.workspace = text_in(record, "workspaceId"),
            .space = text_in(record, "spaceId"),
            .runtime = text_in(record, "runtimeId")};
}

json::object record_of(resource_description const& about, resource_kind kind) {
    json::object o{{"id", about.id},
                   {"ownerId", about.owner_id},
                   {"runtime", about.runtime},
                   {"runtimeId", about.runtime_id},
                   {"runtimeKind", about.runtime_kind}};
    if (kind == resource_kind::operation) return o;
    o["runId"] = about.run_id;
    o["executionMode"] = about.execution_mode;
    o["artifactCount"] = about.artifact_count;
    put(o, "connector", about.connector);
    put(o, "correlationId", about.correlation_id);
    o["metadata"] = about.metadata;
    if (!about.request.empty()) o["request"] = about.request;
    return o;
}

resource_description description_in(json_fields& record, resource_kind kind) {
    resource_description about{.script = nullptr,
                               .id = text_in(record, "id"),
                               .owner_id = text_in(record, "ownerId"),
                               .runtime = text_in(record, "runtime"),
                               .runtime_id = text_in(record, "runtimeId"),
                               .runtime_kind = text_in(record, "runtimeKind")};
    if (kind == resource_kind::operation) return about;
    about.run_id = text_in(record, "runId");
    about.execution_mode = text_in(record, "executionMode");
    about.artifact_count = record.count("artifactCount", 0, most).value_or(0);
    about.connector = record.text("connector");
    about.correlation_id = record.text("correlationId");
    about.metadata = json_text_in(record, "metadata");
    if (record.find("request") != nullptr) about.request = json_text_in(record, "request");
    return about;
}

} // namespace bctrl::emulator
