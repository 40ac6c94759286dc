#include "api/configuration.hpp"

#include <bctrl/error.hpp>
#include <bctrl/version.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace bctrl {

namespace {

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

base_url check_url(client_config const& config) {
    auto url = parse_base_url(config.base_url);
    if (!url)
        refuse(errc::invalid_configuration,
               "the base URL is not an http or https URL with a host and nothing behind its path",
               "It should look like https://api.bctrl.ai.");
    if (!url->secure && !config.allow_insecure_http && !url->is_loopback())
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
    auto const counts = {l.control_connections, l.wait_connections, l.header_bytes, l.body_bytes,
                         l.json_depth,          l.dials_per_second, l.dials_at_once};
    if (std::find(counts.begin(), counts.end(), 0U) != counts.end())
        refuse(errc::invalid_configuration, "a limit of client_limits is zero");
    auto const times = {config.call_timeout,   config.connect_timeout,    config.idle_timeout,
                        config.queue_timeout,  config.max_connection_age, config.retry.base_delay,
                        config.retry.max_delay};
    if (!is_usable(config.wait) ||
        std::any_of(times.begin(), times.end(), [](auto t) { return t.count() <= 0; }))
        refuse(errc::invalid_configuration, "a time of client_config is not positive");
    if (config.retry.attempts == 0)
        refuse(errc::invalid_configuration,
               "retry_policy::attempts is zero, so nothing would be sent");
    auto const& budget = config.retries_in_all;
    if (!(budget.tokens >= 0 && budget.per_call >= 0 && budget.per_second >= 0))
        refuse(errc::invalid_configuration, "a number of retry_budget is negative");
}

std::shared_ptr<net::tls_context> trust(client_config const& config) {
    auto made = net::tls_context::make({config.ca_file});
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
    if (!config.subaccount_id.empty())
        append_line(lines, "BCTRL-Subaccount-Id", config.subaccount_id);
    lines.append("Authorization: Bearer ").append(config.key.reveal()).append("\r\n");
    return lines;
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

    pool::origin_settings origin;
    origin.host = url.host;
    origin.port = url.port;
    if (url.secure) origin.tls = trust(config);
    origin.headers = header_lines(config, url);
    origin.control = lane(config, config.limits.control_connections, config.queue_timeout);
    origin.wait = lane(config, config.limits.wait_connections, milliseconds::max());
    origin.dials = {config.limits.dials_per_second, config.limits.dials_at_once};
    origin.limits = {config.limits.header_bytes, config.limits.body_bytes};
    return {std::move(url),
            std::move(origin),
            {config.wait, config.retry},
            config.retries_in_all,
            config.call_timeout,
            config.limits.json_depth,
            config.key};
}

} // namespace bctrl
