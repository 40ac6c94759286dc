#include "api/configuration.hpp"

#include "api/concealed_key.hpp"
#include "api/proxy_configuration.hpp"
#include "api/tls_configuration.hpp"
#include "transport/content_encoding.hpp"

#include <bctrl/error.hpp>
#include <bctrl/version.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace bctrl {

namespace {

/// What the system has room for in an address (unix(7)).
constexpr std::size_t longest_unix_socket = 107;

[[noreturn]] void refuse(errc what, std::string message, std::string hint = {}) {
    auto details = std::make_shared<error_details>();
    details->call = "client";
    details->message = std::move(message);
    details->hint = std::move(hint);
    throw request_error{what, std::move(details)};
}

void check_key(api_key const& key) {
    if (key.empty())
        refuse(errc::invalid_api_key, "there is no API key",
               "Set BCTRL_API_KEY, or client_config::key.");
    // The text is not shown: it is a secret, however malformed.
    if (!key.sendable())
        refuse(
            errc::invalid_api_key,
            "the API key holds a line break, a space or another character that no header may carry",
            "Check how the key was copied.");
}

/// Whether an address in brackets goes on with a zone, as in "[fe80::1%eth0]".
bool has_zone(std::string const& url) {
    auto const zone = url.find('%');
    return url.find("//[") < zone && zone < url.find(']');
}

base_url check_url(client_config const& config) {
    auto url = parse_base_url(config.base_url);
    if (!url && has_zone(config.base_url))
        refuse(errc::invalid_configuration,
               "the base URL names a zone behind its address (\"%…\"), which is not supported",
               "Use a global or loopback address, or a name.");
    if (!url)
        refuse(errc::invalid_configuration,
               "the base URL is not an http or https URL with a host and nothing behind its path",
               "It should look like https://api.bctrl.ai.");
    auto const stays_here = url->is_loopback() || !config.unix_socket.empty();
    if (!url->secure && !config.allow_insecure_http && !stays_here)
        refuse(errc::insecure_origin,
               "plain http to \"" + url->host + "\" would show the API key to anybody on the way",
               "Use https, or set client_config::allow_insecure_http if you must.");
    return std::move(*url);
}

void check_header_text(char const* what, std::string const& text) {
    auto const fine =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7f; });
    if (!fine)
        refuse(errc::invalid_configuration,
               std::string{what} + " holds a character that no header may carry");
}

void check_bounds(client_config const& config) {
    auto const& l = config.limits;
    auto const counts = {l.control_connections, l.wait_connections, l.streams_per_connection,
                         l.header_bytes,        l.body_bytes,       l.json_depth,
                         l.dials_per_second,    l.dials_at_once};
    if (std::find(counts.begin(), counts.end(), 0U) != counts.end())
        refuse(errc::invalid_configuration, "a limit of client_limits is zero");
    auto const times = {config.call_timeout,   config.connect_timeout,    config.idle_timeout,
                        config.queue_timeout,  config.max_connection_age, config.retry.base_delay,
                        config.retry.max_delay};
    if (!is_usable(config.wait) ||
        std::any_of(times.begin(), times.end(), [](auto t) { return t.count() <= 0; }))
        refuse(errc::invalid_configuration, "a time of client_config is not positive");
    if (config.address_lifetime.count() < 0)
        refuse(errc::invalid_configuration, "client_config::address_lifetime is negative");
    if (config.retry.attempts == 0)
        refuse(errc::invalid_configuration,
               "retry_policy::attempts is zero, so nothing would be sent");
    auto const& budget = config.retries_in_all;
    if (!(budget.tokens >= 0 && budget.per_call >= 0 && budget.per_second >= 0))
        refuse(errc::invalid_configuration, "a number of retry_budget is negative");
}

void check_unix_socket(std::string const& path) {
    if (path.size() > longest_unix_socket || path.find('\0') != std::string::npos)
        refuse(errc::invalid_configuration,
               "client_config::unix_socket cannot be the path of a Unix socket",
               "It has " + std::to_string(longest_unix_socket) + " bytes at the most.");
}

std::optional<tunnel::proxy_settings> proxy(client_config const& config, base_url const& to) {
    if (!uses_proxy(config, to)) return std::nullopt;
    auto parsed = parse_proxy_url(config.proxy);
    if (!parsed)
        refuse(errc::invalid_configuration, parsed.error().message,
               "It should look like http://proxy.example:3128.");
    return std::move(*parsed);
}

std::shared_ptr<net::tls_context> tls(client_config const& config, base_url const& url) {
    auto made = tls_of(config, url);
    if (!made) refuse(errc::invalid_configuration, made.error().message);
    return std::move(*made);
}

std::string user_agent(client_config const& config) {
    auto const own = std::string{"bctrl-cpp/"} + version();
    return config.application.empty() ? own : config.application + " " + own;
}

void append_line(std::string& lines, std::string_view name, std::string_view value) {
    lines.append(name).append(": ").append(value).append("\r\n");
}

std::string header_lines(client_config const& config, base_url const& url) {
    std::string lines;
    // In one piece: memory given back while it grows would keep the key.
    lines.reserve(512 + url.authority().size() + config.application.size() +
                  config.subaccount_id.size() + config.key.reveal().size());
    append_line(lines, "Host", url.authority());
    append_line(lines, "User-Agent", user_agent(config));
    append_line(lines, "Accept", "application/json");
    append_line(lines, "Accept-Encoding", accepted_encodings);
    if (!config.subaccount_id.empty())
        append_line(lines, "BCTRL-Subaccount-Id", config.subaccount_id);
    lines.append("Authorization: Bearer ").append(config.key.reveal()).append("\r\n");
    return lines;
}

pool::http_choice http(client_config const& config, base_url const& url) {
    switch (config.http) {
        case http_version::http1:
            break;
        case http_version::http2:
            return pool::http_choice::http2;
        case http_version::automatic:
            // Without TLS there is nothing to agree by.
            return url.secure ? pool::http_choice::negotiate : pool::http_choice::http1;
    }
    return pool::http_choice::http1;
}

pool::lane_settings lane(client_config const& config, std::size_t connections,
                         milliseconds queue_timeout) {
    return {{connections, config.limits.queued_calls},
            config.connect_timeout,
            config.idle_timeout,
            config.max_connection_age,
            queue_timeout};
}

} // namespace

configuration configure(client_config const& config) {
    check_key(config.key);
    auto url = check_url(config);
    check_header_text("client_config::application", config.application);
    check_header_text("client_config::subaccount_id", config.subaccount_id);
    check_bounds(config);
    check_unix_socket(config.unix_socket);

    pool::origin_settings origin;
    origin.host = url.host;
    origin.port = url.port;
    if (url.secure) origin.tls = tls(config, url);
    origin.headers = header_lines(config, url);
    origin.version = http(config, url);
    origin.streams_per_connection = config.limits.streams_per_connection;
    origin.control = lane(config, config.limits.control_connections, config.queue_timeout);
    origin.wait = lane(config, config.limits.wait_connections, milliseconds::max());
    origin.dials = {config.limits.dials_per_second, config.limits.dials_at_once};
    origin.limits = {config.limits.header_bytes, config.limits.body_bytes};
    origin.proxy = proxy(config, url);
    origin.unix_socket = config.unix_socket;
    origin.addresses.fresh = config.address_lifetime;
    return {std::move(url),
            std::move(origin),
            {config.wait, config.retry},
            config.retries_in_all,
            config.call_timeout,
            config.limits.json_depth,
            config.testing_only_accept_any_certificate,
            config.key,
            traces_of(config.key.reveal())};
}

} // namespace bctrl
