#include "emulator/service/service.hpp"

#include "emulator/model/json_text.hpp"
#include "emulator/script/json_fields.hpp"
#include "emulator/service/endpoint.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <system_error>

namespace bctrl::emulator {
namespace {

using boost::beast::iequals;

constexpr std::array routes{
    route{"GET", "/v1/operations/{id}", body_rule::refused, get_operation},
    route{"POST", "/v1/operations/{id}/wait", body_rule::json, wait_for_operation},
    route{"POST", "/v1/operations/{id}/cancel", body_rule::refused, cancel_operation},
    route{"GET", "/v1/invocations/{id}", body_rule::refused, get_invocation},
    route{"POST", "/v1/invocations/{id}/wait", body_rule::json, wait_for_invocation},
    route{"POST", "/v1/invocations/{id}/cancel", body_rule::refused, cancel_invocation},
    route{"GET", "/v1/runs/{id}/commands", body_rule::refused, list_commands},
    route{"POST", "/emulator/operations", body_rule::json, create_operations},
    route{"POST", "/emulator/invocations", body_rule::json, create_invocations},
    route{"POST", "/emulator/runs", body_rule::json, create_run},
    route{"POST", "/emulator/reset", body_rule::refused, reset},
    route{"GET", "/emulator/stats", body_rule::refused, show_stats},
    route{"GET", "/emulator/connections", body_rule::refused, list_connections},
    route{"POST", "/emulator/faults", body_rule::json, inject_fault},
};

/// Only where `server_options::bench` is set.
constexpr std::array bench_routes{
    route{"GET", "/admin/stats", body_rule::refused, show_parked},
    route{"GET", "/admin/parked", body_rule::refused, wait_for_parked},
    route{"POST", "/admin/release", body_rule::json, release_held},
};

bool matches(std::string_view pattern, std::vector<std::string> const& segments) {
    for (auto const& segment : segments) {
        if (pattern.empty()) return false;
        pattern.remove_prefix(1);
        auto const wanted = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(wanted.size());
        if (wanted == "{id}" ? segment.empty() : wanted != segment) return false;
    }
    return pattern.empty();
}

/// All routes with an id have it in third place.
std::string id_in(target_parts const& target) {
    return target.segments.size() > 2 ? target.segments[2] : std::string{};
}

struct route_search {
    route const* found = nullptr;
    std::string allowed{}; ///< the methods of that path
};

void search_among(std::span<route const> candidates, std::string_view method,
                  target_parts const& target, route_search& search) {
    // RFC 9110, section 9.3.2: HEAD is GET without the content.
    auto const wanted = method == "HEAD" ? "GET" : method;
    for (auto const& candidate : candidates) {
        if (!matches(candidate.path, target.segments)) continue;
        if (candidate.method == wanted) search.found = &candidate;
        search.allowed += candidate.method == "GET" ? "GET, HEAD" : candidate.method;
    }
}

route_search find_route(std::string_view method, target_parts const& target, bool is_bench) {
    route_search search;
    search_among(routes, method, target, search);
    if (is_bench) search_among(bench_routes, method, target, search);
    return search;
}

bool is_json_type(std::string_view content_type) {
    auto const type = content_type.substr(0, content_type.find_first_of("; \t"));
    return iequals(type, "application/json");
}

std::optional<failure> fault_of_body(request const& asked, route const& r) {
    if (asked.body.empty()) return std::nullopt;
    if (r.body == body_rule::refused) {
        return failure{
            415, "request.body_not_allowed", "This endpoint takes no body.", "Send none.", {}};
    }
    if (is_json_type(asked.content_type)) return std::nullopt;
    return failure{415,
                   "request.unsupported_media_type",
                   "The body is not declared as JSON.",
                   "Send the header Content-Type: application/json.",
                   {}};
}

failure method_not_allowed(std::string const& method, std::string const& allowed) {
    return {.status = 405,
            .code = "method.not_allowed",
            .error = "There is no " + method + " here.",
            .hint = "Use " + allowed + ".",
            .details = {{"method", method}}};
}

answer answer_of(call& c, route const& r) {
    try {
        return r.run(c);
    } catch (script_fault const& fault) {
        return invalid(fault.what(), fault.where(), "See doc/emulator.md for what may be sent.");
    }
}

} // namespace

failure not_found(std::string_view what, std::string const& id) {
    auto const name = std::string{what};
    return {.status = 404,
            .code = name + ".not_found",
            .error = "There is no such " + name + ".",
            .hint = "Check the id.",
            .details = {{name + "Id", id}}};
}

failure invalid(std::string const& what, std::string const& where, std::string const& hint) {
    boost::json::object details;
    if (!where.empty()) details["path"] = where;
    return {.status = 400,
            .code = "validation.error",
            .error = what,
            .hint = hint,
            .details = std::move(details)};
}

std::optional<failure> service::fault_of_key(request const& asked) const {
    constexpr std::string_view scheme = "Bearer ";
    std::string_view given = asked.authorization;
    if (!iequals(given.substr(0, scheme.size()), scheme)) {
        return failure{401,
                       "auth.required",
                       "There is no API key.",
                       "Send Authorization: Bearer <api-key>.",
                       {}};
    }
    given.remove_prefix(scheme.size());
    auto const& keys = all_.options.api_keys;
    if (std::find(keys.begin(), keys.end(), given) != keys.end()) return std::nullopt;
    return failure{401,
                   "auth.invalid_key",
                   "The API key is not known.",
                   "Use a key that the emulator was started with.",
                   {}};
}

/// Saves what has changed. While that fails, nobody is told anything that a restart would make
/// untrue.
std::optional<failure> service::fault_of_saving() {
    try {
        all_.save();
    } catch (std::system_error const& fault) {
        return failure{500, "state.not_saved", fault.what(), "Make room for the state file.", {}};
    }
    return std::nullopt;
}

reply service::handle(request const& asked, time_point now) {
    ++all_.requests;
    all_.pass_time(now);
    auto made = reply_to(asked, now);
    if (auto const fault = fault_of_saving()) return refuse(*fault);
    return made;
}

reply service::reply_to(request const& asked, time_point now) {
    if (auto const fault = fault_of_key(asked)) {
        auto refused = refuse(*fault);
        refused.headers.emplace_back("www-authenticate", "Bearer");
        return refused;
    }

    auto const target = take_apart(asked.target);
    if (!target)
        return refuse(invalid("the URL is not well encoded", "", "Write a percent sign as %25."));
    auto const search = find_route(asked.method, *target, all_.options.bench);
    if (search.allowed.empty()) {
        return refuse(
            {404, "route.not_found", "There is nothing here.", "Check the path of the URL.", {}});
    }
    if (search.found == nullptr) {
        auto refused = refuse(method_not_allowed(asked.method, search.allowed));
        refused.headers.emplace_back("allow", search.allowed);
        return refused;
    }

    if (auto const fault = fault_of_body(asked, *search.found)) return refuse(*fault);
    auto body = parse_json(asked.body.empty() ? std::string_view{"{}"} : asked.body);
    if (!body) return refuse(invalid("the body is not JSON", "", "Send a JSON object."));

    call c{all_, *target, id_in(*target), std::move(*body), now, asked.connection};
    auto result = answer_of(c, *search.found);
    if (auto const* fault = std::get_if<failure>(&result)) return refuse(*fault);
    auto const request_id = all_.ids.request_id();
    if (auto* wait = std::get_if<parking>(&result)) {
        wait->request_id = request_id;
        return std::move(*wait);
    }
    auto& made = std::get<response>(result);
    made.request_id = request_id;
    return std::move(made);
}

response service::finish(parking const& wait, wait_end why, time_point now) {
    all_.pass_time(now);
    if (auto const fault = fault_of_saving()) return to_response(*fault, wait.request_id);
    if (wait.watched) {
        auto counted = parked_response(all_);
        counted.request_id = wait.request_id;
        return counted;
    }
    // Between the end of the wait and this answer a reset may have come.
    auto const* target = all_.things.find(wait.kind, wait.id);
    if (target == nullptr)
        return to_response(not_found(name_of(wait.kind), wait.id), wait.request_id);
    auto made = wait_response(all_, *target, why == wait_end::timed_out && !target->ended, now);
    made.request_id = wait.request_id;
    return made;
}

response service::refuse(failure const& why) {
    return to_response(why, all_.ids.request_id());
}

std::optional<time_point> service::next_due() const {
    if (all_.bench.is_releasing()) return time_point{};
    auto const end = all_.things.next_end();
    auto const expiry = all_.parked.next_expiry();
    if (!end || !expiry) return end ? end : expiry;
    return std::min(*end, *expiry);
}

} // namespace bctrl::emulator
