#include "emulator/model/command_page.hpp"
#include "emulator/model/document.hpp"
#include "emulator/service/endpoint.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <variant>

namespace bctrl::emulator {
namespace {

constexpr std::size_t largest_page = 1000;

std::optional<std::size_t> read_limit(std::string const& text) {
    auto const limit = read_number(text);
    if (!limit || *limit == 0) return std::nullopt;
    return std::min(*limit, largest_page);
}

std::variant<command_query, failure> read_query(target_parts const& target) {
    command_query query;
    if (auto const text = target.last("limit")) {
        auto const limit = read_limit(*text);
        if (!limit)
            return invalid("limit must be a whole number from 1", "limit",
                           "Leave it out for pages of 50.");
        query.limit = *limit;
    }
    auto const order = target.last("order").value_or("asc");
    if (order != "asc" && order != "desc") {
        return invalid("order must be asc or desc", "order",
                       "Leave it out for the oldest command first.");
    }
    query.descending = order == "desc";
    query.statuses = target.all("status");
    query.execution_modes = target.all("executionMode");
    query.cursor = target.last("cursor").value_or("");
    return query;
}

std::string document_of_page(call const& c, command_page const& page) {
    std::string body = "{\"commands\":[";
    for (auto const* command : page.commands) {
        if (command != page.commands.front()) body += ',';
        body += document_of(*command, c.now, c.all.dates);
    }
    auto const next =
        page.next_cursor ? boost::json::value(*page.next_cursor) : boost::json::value{};
    return body + "],\"nextCursor\":" + boost::json::serialize(next) + "}";
}

} // namespace

answer list_commands(call& c) {
    auto const* found = c.all.things.find_run(c.id);
    if (found == nullptr) return not_found("run", c.id);
    auto query = read_query(c.target);
    if (auto* wrong = std::get_if<failure>(&query)) return std::move(*wrong);
    auto const page = page_of(*found, std::get<command_query>(query), c.now);
    if (!page) {
        return invalid("the cursor belongs to no such list", "cursor",
                       "Pass nextCursor on unchanged, with the same order and filters.");
    }
    return response{.body = document_of_page(c, *page)};
}

} // namespace bctrl::emulator
