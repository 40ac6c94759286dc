#include "random_document.hpp"

#include <algorithm>

namespace bctrl::codec {

namespace {

// No `"literal" + text` here: g++ 12 warns of an overlap that is none.

std::string numbered(std::string name, std::uint32_t number) {
    name += std::to_string(number);
    return name;
}

void append_listed(std::string& list, std::string_view entry) {
    if (!list.empty()) list += ',';
    list += entry;
}

std::string enclosed(char open, std::string_view text, char close) {
    std::string out(1, open);
    out += text;
    out += close;
    return out;
}

} // namespace

class random_document::members {
public:
    explicit members(random_document& source) : source_{source} {}

    members& required(std::string_view name, std::string value) {
        written_.push_back(enclosed('"', name, '"') + ':' + std::move(value));
        return *this;
    }
    members& required_nullable(std::string_view name, writer const& value) {
        return required(name, source_.one_in(3) ? "null" : value());
    }
    members& optional(std::string_view name, writer const& value) {
        return source_.one_in(2) ? *this : required(name, value());
    }
    members& nullable(std::string_view name, writer const& value) {
        return source_.one_in(3) ? *this : required_nullable(name, value);
    }

    /// The object, with members of names that no version knows.
    std::string text() {
        for (auto count = source_.one_in(3) ? source_.below(3) : 0; count > 0; --count)
            required(numbered("x-", count) + (source_.one_in(4) ? "\\u00e4\\n" : ""),
                     source_.free_json(4));
        std::shuffle(written_.begin(), written_.end(), source_.random_);
        std::string out;
        for (auto const& member : written_)
            append_listed(out, member);
        return enclosed('{', out, '}');
    }

private:
    random_document& source_;
    std::vector<std::string> written_;
};

std::string random_document::text() {
    static std::vector<std::string> const pieces{
        "a",        "page",           " ",
        "\xC3\xA4", "\xE8\x8C\xB6",   "\\n",
        "\\\"",     "\\\\",           "\\u0000",
        "\\u00e9",  "\\ud83d\\ude00", "\\/",
        "[{:,",     "\x7F",           "long text long text"};
    std::string out = "\"";
    for (auto count = below(6); count > 0; --count)
        out += pieces[below(static_cast<std::uint32_t>(pieces.size()))];
    return out + '"';
}

std::string random_document::integer() {
    static std::vector<std::string> const values{
        "0", "1", "-1", "42", "9007199254740993", "9223372036854775807", "-9223372036854775808"};
    return values[below(static_cast<std::uint32_t>(values.size()))];
}

std::string random_document::enumerator(std::vector<std::string_view> const& known) {
    if (one_in(5)) return enclosed('"', numbered("new-", below(1000)), '"');
    return enclosed('"', known[below(static_cast<std::uint32_t>(known.size()))], '"');
}

std::string random_document::free_json(int depth) {
    static std::vector<std::string> const numbers{"1e400",
                                                  "-0",
                                                  "0.1000000000000000055511151231257827",
                                                  "-1.50E-7",
                                                  "123456789012345678901234567890",
                                                  "18446744073709551616"};
    switch (below(depth > 0 ? 7 : 5)) {
        case 0:
            return "null";
        case 1:
            return boolean();
        case 2:
            return text();
        case 3:
            return integer();
        case 4:
            return numbers[below(static_cast<std::uint32_t>(numbers.size()))];
        case 5:
            return array(4, [this, depth] { return free_json(depth - 1); });
        default:
            break;
    }
    members out{*this};
    for (auto count = below(4); count > 0; --count)
        out.required(numbered("k", count), free_json(depth - 1));
    return out.text();
}

std::string random_document::free_object() {
    return members{*this}.required("a", free_json(one_in(20) ? 60 : 3)).text();
}

std::string random_document::array(std::uint32_t most, writer const& element) {
    std::string out;
    for (auto count = below(most); count > 0; --count)
        append_listed(out, element());
    return enclosed('[', out, ']');
}

std::string random_document::durable_error() {
    return members{*this}
        .required("message", text())
        .optional("code", [this] { return text(); })
        .optional("details", [this] { return free_object(); })
        .text();
}

std::string random_document::progress() {
    members out{*this};
    for (auto const* name : {"currentCall", "lastEventType", "message"})
        out.optional(name, [this] { return text(); });
    for (auto const* name : {"step", "totalSteps"})
        out.optional(name, [this] { return integer(); });
    return out.text();
}

std::string random_document::fix() {
    members out{*this};
    out.required("title", text());
    for (auto const* name : {"command", "example"})
        out.optional(name, [this] { return text(); });
    return out.text();
}

std::string random_document::diagnostic() {
    members out{*this};
    out.required("id", text());
    for (auto const* name : {"call", "code", "docsUrl", "driver", "expected", "received"})
        out.optional(name, [this] { return text(); });
    out.optional("category", [this] { return enumerator({"arg-shape", "semantic", "runtime"}); });
    out.optional("closest", [this] { return array(4, [this] { return text(); }); });
    out.optional("fixes", [this] { return array(4, [this] { return fix(); }); });
    return out.text();
}

std::string random_document::binding() {
    return members{*this}
        .required("alias", text())
        .required("id", text())
        .required("type", enumerator({"page", "context", "handle", "subscription"}))
        .text();
}

std::string random_document::resolved(generation of) {
    members out{*this};
    for (auto const* name : {"call", "method", "target"})
        out.required(name, text());
    for (auto const* name : {"contextId", "handleId", "pageId", "ref"})
        out.required_nullable(name, [this] { return text(); });
    out.required(of == generation::operation ? "sessionId" : "runtimeId", text());
    return out.text();
}

std::string random_document::step_error() {
    return members{*this}
        .required("code",
                  enumerator({"UNKNOWN_CALL", "TIMEOUT", "SESSION_NOT_FOUND", "RUNTIME_NOT_FOUND"}))
        .required("message", text())
        .optional("hint", [this] { return text(); })
        .optional("diagnostic", [this] { return diagnostic(); })
        .text();
}

std::string random_document::step_result(generation of) {
    members out{*this};
    bool const failed = one_in(2);
    out.required("index", integer()).required("call", text());
    out.required("ok", of == generation::operation ? boolean() : failed ? "false" : "true");
    if (failed) return out.required("error", step_error()).text();
    out.required("resolved", resolved(of)).required("result", free_json(3));
    return out.optional("binding", [this] { return binding(); }).text();
}

std::string random_document::result(generation of) {
    return members{*this}
        .required("mode", enumerator({"fail-fast"}))
        .required("ok", boolean())
        .required(of == generation::operation ? "runtime" : "runtimeId", text())
        .required("steps", array(5, [this, of] { return step_result(of); }))
        .text();
}

std::string random_document::step() {
    members out{*this};
    out.required("call", text());
    for (auto const* name : {"bind", "ref"})
        out.optional(name, [this] { return text(); });
    out.optional("args", [this] { return array(4, [this] { return free_json(2); }); });
    out.optional("options", [this] {
        return members{*this}
            .optional("dryRun", [this] { return boolean(); })
            .optional("timeoutMs", [this] { return integer(); })
            .text();
    });
    return out.text();
}

std::string random_document::request() {
    return members{*this}
        .required("runtimeId", text())
        .required("steps", array(4, [this] { return step(); }))
        .optional("idempotencyKey", [this] { return text(); })
        .optional("mode", [this] { return enumerator({"fail-fast"}); })
        .text();
}

void random_document::add_durable(members& out, generation of) {
    for (auto const* name : {"createdAt", "id", "runtimeId"})
        out.required(name, text());
    for (auto const* name : {"cancelRequestedAt", "finishedAt", "lastHeartbeatAt", "startedAt"})
        out.nullable(name, [this] { return text(); });
    out.required("runtimeKind", enumerator({"browser", "desktop", "spreadsheet"}));
    out.required("status", enumerator({"queued", "dispatching", "running", "cancelling",
                                       "succeeded", "failed", "cancelled", "timed_out"}));
    out.nullable("error", [this] { return durable_error(); });
    out.nullable("progress", [this] { return progress(); });
    out.nullable("result", [this, of] { return result(of); });
}

std::string random_document::operation() {
    members out{*this};
    add_durable(out, generation::operation);
    out.required("runtime", text()).required("workspaceId", text());
    out.nullable("currentCall", [this] { return text(); });
    return out.text();
}

std::string random_document::operation_wait_result() {
    return members{*this}
        .required("operation", operation())
        .required("timedOutWaiting", boolean())
        .text();
}

std::string random_document::invocation() {
    members out{*this};
    add_durable(out, generation::invocation);
    for (auto const* name : {"artifactCount", "sequenceNo", "stepCount"})
        out.required(name, integer());
    for (auto const* name : {"entryCall", "runId", "spaceId"})
        out.required(name, text());
    for (auto const* name : {"connector", "correlationId"})
        out.nullable(name, [this] { return text(); });
    out.required("executionMode", enumerator({"inline", "durable"}));
    out.nullable("durationMs", [this] { return integer(); });
    out.nullable("metadata", [this] { return free_object(); });
    out.nullable("request", [this] { return request(); });
    return out.text();
}

std::string random_document::command_page() {
    return members{*this}
        .required("commands", array(4, [this] { return invocation(); }))
        .required_nullable("nextCursor", [this] { return text(); })
        .text();
}

} // namespace bctrl::codec
