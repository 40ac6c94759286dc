#include "emulator/service/endpoint.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <variant>

namespace bctrl::emulator {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_look = std::chrono::hours{1};

std::variant<count_condition, failure> read_condition(target_parts const& target) {
    auto const relation = target.last("op").value_or("");
    if (relation != "ge" && relation != "le")
        return invalid("op must be ge or le", "op", "Ask for op=ge or op=le.");
    auto const count = read_number(target.last("count").value_or(""));
    if (!count) return invalid("count must be a whole number", "count", "Say how many waits.");
    return count_condition{.is_minimum = relation == "ge", .count = *count};
}

} // namespace

response parked_response(world const& all) {
    auto const s = all.stats();
    boost::json::object const figures{{"parked", s.parked},
                                      {"connsOpen", s.connections_open},
                                      {"connsTotal", s.connections_total}};
    return {.body = boost::json::serialize(figures)};
}

answer show_parked(call& c) {
    return parked_response(c.all);
}

answer wait_for_parked(call& c) {
    auto wanted = read_condition(c.target);
    if (auto* wrong = std::get_if<failure>(&wanted)) return std::move(*wrong);
    auto const condition = std::get<count_condition>(wanted);
    auto const text = c.target.last("timeoutMs").value_or("0");
    auto const given = read_number(text);
    if (!given) return invalid("timeoutMs must be a whole number", "timeoutMs", "Leave it out.");
    auto const limit = static_cast<std::size_t>(longest_look.count());
    milliseconds const at_most{std::min(*given, limit)};
    if (condition.holds(c.all.parked.size()) || at_most == at_most.zero())
        return parked_response(c.all);
    return parking{.kind = resource_kind::operation,
                   .target = nullptr,
                   .id = {},
                   .until = c.now + at_most,
                   .watched = condition};
}

answer release_held(call& c) {
    auto const released = c.all.bench.release();
    c.all.end_released(c.now);
    return response{.body = boost::json::serialize(boost::json::object{{"released", released}})};
}

} // namespace bctrl::emulator
