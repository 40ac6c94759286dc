#include "emulator/model/document.hpp"
#include "emulator/script/json_fields.hpp"
#include "emulator/service/endpoint.hpp"

#include <algorithm>
#include <limits>

namespace bctrl::emulator {
namespace {

using std::chrono::milliseconds;

answer get(call& c, resource_kind kind) {
    auto const* found = c.all.look_up(kind, c.id, c.now);
    if (found == nullptr) return not_found(name_of(kind), c.id);
    return response{.body = document_of(*found, c.now, c.all.dates)};
}

/// How long to wait at most.
/// @throws script_fault
milliseconds time_limit(call const& c) {
    json_fields fields{c.body, ""};
    auto const asked = fields.count("timeoutMs", 0, std::numeric_limits<std::int64_t>::max());
    auto const limit = asked ? milliseconds{*asked} : c.all.options.default_wait;
    return std::min(limit, c.all.options.longest_wait);
}

answer wait(call& c, resource_kind kind) {
    auto const* found = c.all.look_up(kind, c.id, c.now);
    if (found == nullptr) return not_found(name_of(kind), c.id);
    auto const limit = time_limit(c);
    if (found->ended || limit == limit.zero())
        return wait_response(c.all, *found, !found->ended, c.now);
    return parking{.kind = kind, .target = found, .id = c.id, .until = c.now + limit};
}

failure already_finished(resource const& r) {
    auto const kind = std::string{name_of(r.kind)};
    return {.status = 409,
            .code = kind + ".already_finished",
            .error = "The " + kind + " has finished already.",
            .hint = "Get it to see how it ended.",
            .details = {{kind + "Id", r.about.id}, {"status", name_of(*r.ended)}}};
}

answer cancel(call& c, resource_kind kind) {
    auto const* found = c.all.look_up(kind, c.id, c.now);
    if (found == nullptr) return not_found(name_of(kind), c.id);
    auto const effect = c.all.things.cancel(*found, c.now);
    auto const refuses = c.all.options.on_cancel_terminal == cancel_terminal::conflict;
    if (effect == cancel_effect::finished_before && refuses) return already_finished(*found);
    c.all.pass_time(c.now);
    return response{.body = document_of(*found, c.now, c.all.dates)};
}

} // namespace

response wait_response(world const& all, resource const& target, bool timed_out, time_point now) {
    std::string body = "{\"";
    body += name_of(target.kind);
    body += "\":" + document_of(target, now, all.dates);
    body += timed_out ? ",\"timedOutWaiting\":true}" : ",\"timedOutWaiting\":false}";
    return {.body = std::move(body)};
}

answer get_operation(call& c) {
    return get(c, resource_kind::operation);
}
answer wait_for_operation(call& c) {
    return wait(c, resource_kind::operation);
}
answer cancel_operation(call& c) {
    return cancel(c, resource_kind::operation);
}
answer get_invocation(call& c) {
    return get(c, resource_kind::invocation);
}
answer wait_for_invocation(call& c) {
    return wait(c, resource_kind::invocation);
}
answer cancel_invocation(call& c) {
    return cancel(c, resource_kind::invocation);
}

} // namespace bctrl::emulator
