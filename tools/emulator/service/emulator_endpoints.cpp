#include "emulator/model/document.hpp"
#include "emulator/script/creation.hpp"
#include "emulator/service/endpoint.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>
#include <vector>

namespace bctrl::emulator {
namespace {

namespace json = boost::json;

failure already_exists(std::string const& what, std::string const& id) {
    return {.status = 409,
            .code = what + ".already_exists",
            .error = "There is such a " + what + " already.",
            .hint = "Choose another id, leave it out, or POST /emulator/reset.",
            .details = {{what + "Id", id}}};
}

/// The first id that is taken, by a resource or by two descriptions at once: a request creates
/// everything or nothing.
std::optional<std::string> taken_id(call const& c, resource_kind kind,
                                    std::vector<resource_description> const& descriptions) {
    std::set<std::string_view> seen;
    for (auto const& about : descriptions) {
        if (about.id.empty()) continue;
        if (!seen.insert(about.id).second || c.all.things.find(kind, about.id) != nullptr)
            return about.id;
    }
    return std::nullopt;
}

std::vector<resource const*> create_all(call& c, resource_kind kind,
                                        std::vector<resource_description> descriptions) {
    std::vector<resource const*> made;
    made.reserve(descriptions.size());
    for (auto& about : descriptions)
        made.push_back(c.all.things.create(kind, std::move(about), c.now));
    c.all.pass_time(c.now);
    return made;
}

std::string list_of(call const& c, std::vector<resource const*> const& made) {
    std::string list = "[";
    for (auto const* r : made) {
        if (list.size() > 1) list += ',';
        list += document_of(*r, c.now, c.all.dates);
    }
    return list + "]";
}

answer create(call& c, resource_kind kind) {
    auto wanted = read_creation(kind, c.body);
    if (auto const id = taken_id(c, kind, wanted.resources))
        return already_exists(std::string{name_of(kind)}, *id);

    // What one request creates without naming a run belongs together.
    auto const shared_run = c.all.ids.uuid();
    for (auto& about : wanted.resources) {
        if (about.run_id.empty()) about.run_id = shared_run;
    }
    auto const made = create_all(c, kind, std::move(wanted.resources));
    if (!wanted.is_list)
        return response{.status = 201, .body = document_of(*made.front(), c.now, c.all.dates)};
    auto const name = std::string{name_of(kind)} + "s";
    return response{.status = 201, .body = "{\"" + name + "\":" + list_of(c, made) + "}"};
}

} // namespace

answer create_operations(call& c) {
    return create(c, resource_kind::operation);
}
answer create_invocations(call& c) {
    return create(c, resource_kind::invocation);
}

answer create_run(call& c) {
    constexpr auto kind = resource_kind::invocation;
    auto wanted = read_run_creation(c.body);
    if (auto const id = taken_id(c, kind, wanted.commands))
        return already_exists("invocation", *id);
    auto const* made = c.all.things.create_run(wanted.id, wanted.pages);
    if (made == nullptr) return already_exists("run", wanted.id);

    for (auto& about : wanted.commands)
        about.run_id = made->id;
    auto const commands = create_all(c, kind, std::move(wanted.commands));
    auto const id = json::serialize(json::value(made->id));
    return response{.status = 201,
                    .body = "{\"id\":" + id + ",\"commands\":" + list_of(c, commands) + "}"};
}

answer reset(call& c) {
    c.all.forget_everything();
    return show_stats(c);
}

answer show_stats(call& c) {
    auto const s = c.all.stats();
    json::object const figures{{"operations", s.operations},
                               {"invocations", s.invocations},
                               {"runs", s.runs},
                               {"parked", s.parked},
                               {"connectionsOpen", s.connections_open},
                               {"connectionsTotal", s.connections_total},
                               {"requests", s.requests},
                               {"waitsAbandoned", s.waits_abandoned},
                               {"http2Connections", s.http2_connections},
                               {"http2StreamsOpen", s.http2_streams_open},
                               {"http2Streams", s.http2_streams},
                               {"http2ResetsReceived", s.http2_resets_received},
                               {"http2GoAwaysSent", s.http2_go_aways_sent}};
    return response{.body = json::serialize(figures)};
}

} // namespace bctrl::emulator
