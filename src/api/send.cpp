#include "api/send.hpp"

#include "api/durable_calls.hpp"
#include "model/path.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace bctrl {

namespace {

bool is_alphanumeric(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A token (RFC 9110, section 5.6.2): a method or the name of a header.
bool is_token(std::string_view text) noexcept {
    static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
    });
}

/// A path as it stands in a request: percent-encoded, no query (RFC 3986, section 3.3).
bool is_path(std::string_view text) noexcept {
    static constexpr std::string_view others = "-._~!$&'()*+,;=:@%/";
    return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
               return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
           });
}

bool is_header_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c == '\t' || (c >= ' ' && c != '\x7f'); });
}

bool equal_in_any_case(std::string_view a, std::string_view b) noexcept {
    auto const low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [low](char x, char y) { return low(x) == low(y); });
}

/// Those that frame the request, or that the client vouches for.
bool is_clients_own(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 16> own{"host",
                                                   "authorization",
                                                   "user-agent",
                                                   "accept",
                                                   "accept-encoding",
                                                   "content-type",
                                                   "connection",
                                                   "transfer-encoding",
                                                   "te",
                                                   "trailer",
                                                   "content-length",
                                                   "upgrade",
                                                   "expect",
                                                   "keep-alive",
                                                   "idempotency-key",
                                                   "bctrl-subaccount-id"};
    return std::any_of(own.begin(), own.end(),
                       [name](auto each) { return equal_in_any_case(each, name); });
}

bool is_read(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD";
}

std::string target_of(std::string const& prefix, request const& what) {
    auto target = prefix + what.path();
    if (!what.query().empty()) target += "?" + what.query();
    return target;
}

response response_of(wire_response answer) {
    response made;
    made.status = answer.status;
    made.request_id = answer.request_id();
    made.body = std::move(answer.body);
    for (auto& each : answer.headers)
        made.headers.emplace_back(std::move(each.name), std::move(each.value));
    return made;
}

} // namespace

request& request::query(std::string_view key, std::string_view value) {
    if (!query_.empty()) query_ += '&';
    query_ += model::encode_query_part(key) + "=" + model::encode_query_part(value);
    return *this;
}

std::optional<std::string> fault_of(request const& what) {
    if (!is_token(what.method())) return "the method is not an HTTP method";
    if (what.method() == "CONNECT") return "CONNECT is not for an API";
    if (!is_path(what.path()))
        return "the path must begin with \"/\" and be percent-encoded, without a query";
    if (is_read(what.method()) && !what.body().empty()) return "a request that reads has no body";
    for (auto const& [name, value] : what.headers()) {
        if (!is_token(name) || !is_header_value(value))
            return "the header \"" + (is_token(name) ? name : std::string{"?"}) +
                   "\" holds a character that no header may carry";
        if (is_clients_own(name)) return "the header \"" + name + "\" is set by the client itself";
    }
    if (!is_header_value(what.idempotency_key()))
        return "the idempotency key holds a character that no header may carry";
    return std::nullopt;
}

task<rpc::call_outcome<response>> send_request(detail::client_core& core, stop_signal& stop,
                                               listed_call& call, request what,
                                               call_options options) {
    auto const name = "send " + what.method();
    rpc::call made;
    made.name = name;
    if (auto fault = fault_of(what))
        co_return core.endpoint().fail(made, errc::invalid_argument, std::move(*fault));

    made.request.method = what.method();
    made.request.target = target_of(core.settings().where.prefix, what);
    made.request.body = what.body().text();
    for (auto const& [header, value] : what.headers())
        made.request.headers.push_back({header, value});
    auto const keyed = !what.idempotency_key().empty();
    if (keyed) made.request.headers.push_back({"Idempotency-Key", what.idempotency_key()});
    made.request.replayable = keyed || is_read(what.method());

    auto const until = deadline_of(core, options);
    call_subject const about{name, what.path(), made.lane};
    activity told{core.runs_on().now()};
    showing const shown{call, about, until, told};
    stop_at limit{stop, stop_reason::deadline};
    limit.set(core.runs_on(), until);
    auto answer =
        co_await core.endpoint().with_retry(made, retry_of(core, options), until, stop, told);
    if (!answer) co_return std::move(answer).error();
    co_return response_of(std::move(*answer));
}

} // namespace bctrl
