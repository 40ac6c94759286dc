// Base URLs, and what ids and queries become in the target of a request. The first line of an input is the base URL,
// the rest is an id and the parts of a query.

#include "api/base_url.hpp"
#include "fuzz/fuzz.hpp"
#include "model/path.hpp"

#include <bctrl/command_page.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

using fuzz::require;

/// The other direction, of which the library has none.
std::string decoded(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        if (text.front() != '%') {
            plain += text.front();
            text.remove_prefix(1);
            continue;
        }
        unsigned char byte = 0;
        require(text.size() >= 3, "an encoded character has two digits", text);
        auto const [end, fault] = std::from_chars(text.data() + 1, text.data() + 3, byte, 16);
        require(fault == std::errc{} && end == text.data() + 3, "both are hexadecimal", text);
        plain += static_cast<char>(byte);
        text.remove_prefix(3);
    }
    return plain;
}

void expect_one_segment(std::string_view segment, std::string_view id) {
    require(fuzz::is_visible(segment), "a segment is visible", segment);
    require(segment.find_first_of("/?#") == segment.npos, "an id is one segment", segment);
    require(segment != "." && segment != "..", "an id is no way to another path", segment);
    require(decoded(segment) == id, "an id arrives as it is", segment);
}

void look_at_path(std::optional<std::string> const& path, std::string_view collection,
                  std::string_view action, std::string_view id) {
    require(path.has_value() == !id.empty(), "every id but an empty one has a path");
    if (!path) return;
    require(path->starts_with(collection) && path->ends_with(action), "a path has its form", *path);
    auto segment = std::string_view{*path}.substr(collection.size());
    segment.remove_suffix(action.size());
    expect_one_segment(segment, id);
}

void look_at_id(std::string_view id) {
    look_at_path(model::operation_path(id), "/v1/operations/", "", id);
    look_at_path(model::operation_wait_path(id), "/v1/operations/", "/wait", id);
    look_at_path(model::operation_cancel_path(id), "/v1/operations/", "/cancel", id);
    look_at_path(model::invocation_path(id), "/v1/invocations/", "", id);
    look_at_path(model::invocation_wait_path(id), "/v1/invocations/", "/wait", id);
    look_at_path(model::invocation_cancel_path(id), "/v1/invocations/", "/cancel", id);
}

using parts = std::vector<std::pair<std::string, std::string>>;

parts parts_of(std::string_view query) {
    parts found;
    while (!query.empty()) {
        auto const part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
        auto const sign = part.find('=');
        require(sign != part.npos, "a part of a query has a value", part);
        found.emplace_back(decoded(part.substr(0, sign)), decoded(part.substr(sign + 1)));
    }
    return found;
}

/// A query arrives with the parts that it was made of.
void look_at_query(std::string_view text) {
    auto const half = text.size() / 2;
    std::string const first{text.substr(0, half)};
    std::string const second{text.substr(half)};
    auto const query = commands_query{}.cursor(first).limit(7).status(second).include(first);
    auto const path = model::run_commands_path("run", query);
    require(path.has_value(), "a run has a path");
    require(fuzz::is_visible(*path), "a target is visible", *path);
    constexpr std::string_view lead = "/v1/runs/run/commands?";
    require(path->starts_with(lead), "a query begins behind its path", *path);
    parts const expected{{"cursor", first}, {"limit", "7"}, {"status", second}, {"include", first}};
    require(parts_of(std::string_view{*path}.substr(lead.size())) == expected,
            "a query arrives with its parts", *path);
}

bool same(base_url const& left, base_url const& right) {
    return left.secure == right.secure && left.host == right.host && left.port == right.port &&
           left.prefix == right.prefix;
}

void look_at_base_url(std::string_view text, std::string_view id) {
    auto const url = parse_base_url(text);
    if (!url) return;
    require(!url->host.empty() && url->port != 0, "a URL has a host and a port", text);
    auto const whole = url->origin() + url->prefix;
    require(fuzz::is_visible(whole), "a URL is visible", whole);
    // A path may hold an @ (RFC 3986, section 3.3); in front of it that would be a user.
    require(url->origin().find('@') == std::string::npos, "a URL has no user", whole);
    require(whole.find_first_of("?#\\\"<>") == whole.npos, "a URL has no query", whole);
    require(url->prefix.empty() || (url->prefix.front() == '/' && url->prefix.back() != '/'),
            "a prefix begins with a slash and does not end with one", url->prefix);
    // Of several `/v1` one is taken off; here it stands again.
    auto const again = parse_base_url(whole + "/v1");
    require(again && same(*again, *url), "a URL that is written reads as itself", whole);
    if (auto const path = model::operation_path(id))
        require(fuzz::is_visible(url->prefix + *path), "a target is visible", *path);
}

} // namespace
} // namespace bctrl

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    auto const text = bctrl::fuzz::as_text(data, size);
    auto const line = text.substr(0, text.find('\n'));
    auto const rest = text.substr(std::min(line.size() + 1, text.size()));
    bctrl::look_at_id(rest);
    bctrl::look_at_query(rest);
    bctrl::look_at_base_url(line, rest);
    return 0;
}
