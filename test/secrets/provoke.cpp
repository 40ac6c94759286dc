#include "secrets/provoke.hpp"

#include "integration/canned_server.hpp"
#include "integration/client_fixture.hpp"
#include "secrets/traces.hpp"
#include "support/scripted_peer.hpp"
#include "support/tls_peer.hpp"

#include <bctrl/testing/replies.hpp>
#include <bctrl/testing/simulation.hpp>

#include <algorithm>
#include <future>
#include <limits>
#include <utility>

namespace bctrl::test {

namespace {

using testing::peer_connection;
using testing::scripted_peer;

asio::awaitable<void> get(client& from) {
    co_await from.operations().get("op_1");
}

/// The call and the end of its client.
asio::awaitable<failed_call> failure_of(client& from, asking const& ask) {
    failed_call seen;
    try {
        co_await ask(from);
        seen.said = "the call succeeded";
    } catch (request_error const& e) {
        seen = {e.code(), all_said(e)};
    }
    from.abandon();
    co_return seen;
}

failed_call fail_against(std::string const& answer, asking const& ask = &get) {
    canned_server const server{answer};
    return fail_with(config_with_canary(server.base_url()), ask);
}

failed_call fail_by_status(std::string const& status, std::string const& echo) {
    return fail_against(echoing_answer(status, "application/json", echoing_body, echo));
}

failed_call fail_by_content(std::string const& type, std::string const& body,
                            std::string const& echo) {
    return fail_against(echoing_answer("200 @", type, body, echo));
}

failed_call refused_to_be_made(client_config const& config) {
    try {
        asio::io_context context;
        client const made{context.get_executor(), config};
    } catch (request_error const& e) {
        return {e.code(), all_said(e)};
    }
    return {};
}

failed_call refused_with(std::string client_config::*setting, std::string value) {
    auto config = config_with_canary("https://localhost");
    config.*setting = std::move(value);
    return refused_to_be_made(config);
}

failed_call refused_key() {
    client_config config;
    config.key = api_key{std::string{canary} + "\n" + std::string{canary}};
    return refused_to_be_made(config);
}

/// Faults that no server brings about.
failed_call simulated(errc code, std::string const& echo) {
    testing::simulation world;
    auto config = config_with_canary("https://localhost");
    auto with = world.make_client(config);
    world.server().then(testing::fault(code, testing::reached::nothing_sent, "it said " + echo), 9);
    asking const ask = &get;
    auto ended = asio::co_spawn(world.context(), failure_of(with, ask), asio::use_future);
    world.pass(1min);
    return ended.get();
}

failed_call after_the_end() {
    return fail_with(config_with_canary("http://localhost:1"), [](client& with) {
        with.abandon();
        return get(with);
    });
}

/// The first attempt is answered, the second one is not.
failed_call late(std::string const& echo) {
    std::promise<void> over;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_request();
        auto const answer = echoing_answer("503 @", "application/json", echoing_body, echo);
        c.write(answer);
        c.read_request();
        over.get_future().wait();
    }}};
    auto config = config_with_canary("http://localhost:" + std::to_string(server.port()));
    config.retry = retry_policy{.attempts = 3, .base_delay = 1ms, .max_delay = 1ms};
    config.call_timeout = 300ms;
    auto seen = fail_with(config, &get);
    over.set_value();
    return seen;
}

asio::awaitable<void> get_beside_another(client& with) {
    with.operations().get(std::string{canary}, [](error_code, operation const&) {});
    co_await with.operations().get(std::string{canary});
}

failed_call queue_full() {
    std::promise<void> over;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_request();
        over.get_future().wait();
    }}};
    auto config = config_with_canary("http://localhost:" + std::to_string(server.port()));
    config.limits.control_connections = 1;
    config.limits.queued_calls = 0;
    auto seen = fail_with(config, &get_beside_another);
    over.set_value();
    return seen;
}

failed_call queue_timeout() {
    std::promise<void> over;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_request();
        over.get_future().wait();
    }}};
    auto config = config_with_canary("http://localhost:" + std::to_string(server.port()));
    config.limits.control_connections = 1;
    config.queue_timeout = 100ms;
    auto seen = fail_with(config, &get_beside_another);
    over.set_value();
    return seen;
}

/// A proxy that answers so, and repeats what it likes.
failed_call behind_proxy(std::string const& status, std::string const& echo) {
    canned_server const proxy{echoing_answer(status, "text/html", "@", echo)};
    auto config = config_with_canary("https://" + std::string{canary} + ".example");
    config.proxy = proxy_url{proxy.base_url()};
    return fail_with(config, &get);
}

failed_call resolve_failed() {
    return fail_with(config_with_canary("https://" + std::string{canary} + ".invalid"), &get);
}

failed_call connect_failed() {
    std::string closed;
    {
        canned_server const server{""};
        closed = server.base_url();
    }
    return fail_with(config_with_canary(closed + "/" + std::string{canary}), &get);
}

failed_call tls_failed(std::string const& echo) {
    scripted_peer const server{{[&](peer_connection& c) {
        c.write(echo + "\r\n");
        c.read_to_end();
    }}};
    return fail_with(config_with_canary("https://localhost:" + std::to_string(server.port())),
                     &get);
}

failed_call certificate_rejected(std::string const& echo) {
    // Common names are short by rule; alternative names are not, and nobody could know a part of the key.
    constexpr std::size_t longest_common_name = 64;
    auto const name = echo.size() <= longest_common_name ? echo : std::string{"authority"};
    emulator::certificate_authority const authority{name};
    temporary_path ca{".pem"};
    authority.write_ca(ca.path());
    testing::tls_peer tls{
        authority.issue({.common_name = name, .alternative_names = {"DNS:" + echo}})};
    scripted_peer const server{{tls.after_handshake([](testing::tls_connection&) {})}};
    auto config = config_with_canary("https://localhost:" + std::to_string(server.port()));
    config.ca_file = ca.string();
    return fail_with(config, &get);
}

failed_call connection_lost(std::string const& echo) {
    auto const whole = echoing_answer("200 @", "application/json", echoing_body, echo);
    return fail_against(whole.substr(0, whole.size() - 1));
}

failed_call too_large(std::size_t client_limits::*bound, std::string const& echo) {
    canned_server const server{echoing_answer("200 @", "application/json", echoing_body, echo)};
    auto config = config_with_canary(server.base_url());
    config.limits.*bound = 30;
    return fail_with(config, &get);
}

asio::awaitable<void> list_all(client& with) {
    auto pager = with.runs().all_commands("run_1");
    for (int n = 0; n < 3; ++n)
        co_await pager.next();
}

failed_call cursor_repeated(std::string const& echo) {
    auto const answer =
        echoing_answer("200 @", "application/json", R"({"commands":[],"nextCursor":"@"})", echo);
    return fail_against(answer, &list_all);
}

asio::awaitable<void> wait_shortly(client& with) {
    wait_policy hasty;
    hasty.lost_contact_after = 200ms;
    co_await with.operations().wait("op_1", {.policy = hasty});
}

asio::awaitable<void> send_with_bad_header(client& with) {
    request what{"GET", "/v1/anything"};
    what.header(std::string{canary}, "\n");
    co_await with.send(std::move(what));
}

failed_call lost_contact(std::string const& echo) {
    canned_server const server{echoing_answer("503 @", "application/json", echoing_body, echo)};
    auto config = config_with_canary(server.base_url());
    config.retry = retry_policy{.attempts = 1, .base_delay = 10ms, .max_delay = 10ms};
    return fail_with(config, &wait_shortly);
}

} // namespace

client_config config_with_canary(std::string const& base_url) {
    client_config made;
    made.key = api_key{std::string{canary}};
    made.base_url = base_url;
    made.retry.attempts = 1;
    made.connect_timeout = 5s;
    return made;
}

failed_call fail_with(client_config const& config, asking const& ask) {
    event_loop loop;
    client made{loop.executor(), config};
    return loop.run(failure_of(made, ask));
}

std::string all_said(request_error const& error) {
    auto const& d = error.details();
    std::string all = error.what();
    for (auto const& each : {d.call, d.method, d.url, d.code, d.reason_class, d.message, d.hint,
                             d.request_id, d.details.text(), d.resource_id, d.cause.message(),
                             error.code().message(), describe(error.code(), d)})
        all += "\n" + each;
    return all;
}

std::string echoing_answer(std::string const& status, std::string const& content_type,
                           std::string body, std::string const& echo) {
    auto const filled = [&echo](std::string text) {
        for (auto at = text.find('@'); at != text.npos; at = text.find('@', at + echo.size()))
            text.replace(at, 1, echo);
        return text;
    };
    body = filled(std::move(body));
    auto const head = filled(status + "\r\nContent-Type: " + content_type +
                             "; of=@\r\nX-Request-Id: @\r\nLocation: https://@/@?@\r\n"
                             "Retry-After: @\r\nWWW-Authenticate: Bearer @\r\nX-Echo: @\r\n");
    return "HTTP/1.1 " + head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

// Without a default: a new way to fail has to be provoked here before anything compiles.
std::optional<failed_call> provoke(errc code, std::string const& echo) {
    switch (code) {
        case errc::invalid_configuration:
            return refused_with(&client_config::ca_file, "/nonexistent/" + echo);
        case errc::invalid_api_key:
            return refused_key();
        case errc::insecure_origin:
            return refused_with(&client_config::base_url,
                                "http://" + std::string{canary} + ".example");
        case errc::invalid_argument:
            return fail_with(config_with_canary("http://localhost:1"), &send_with_bad_header);
        case errc::client_closed:
            return after_the_end();
        case errc::deadline_exceeded:
            return late(echo);
        case errc::queue_full:
            return queue_full();
        case errc::queue_timeout:
            return queue_timeout();
        case errc::too_many_descriptors:
        case errc::out_of_memory:
        case errc::client_certificate_refused:
        case errc::internal:
            return simulated(code, echo);
        case errc::proxy_unauthenticated:
            return behind_proxy("407 @", echo);
        case errc::proxy_refused:
            return behind_proxy("403 @", echo);
        case errc::proxy_failed:
            return behind_proxy("502 @", echo);
        case errc::resolve_failed:
            return resolve_failed();
        case errc::connect_failed:
            return connect_failed();
        case errc::tls_failed:
            return tls_failed(echo);
        case errc::certificate_rejected:
            return certificate_rejected(echo);
        case errc::connection_lost:
            return connection_lost(echo);
        case errc::malformed_response:
            return fail_against("HTTP/9.9 " + echo + "\r\n" + echo + ": " + echo + "\r\n\r\n");
        case errc::header_too_large:
            return too_large(&client_limits::header_bytes, echo);
        case errc::body_too_large:
            return too_large(&client_limits::body_bytes, echo);
        case errc::unexpected_content:
            return fail_by_content("text/html", "<html><title>You sent @</title>@</html>", echo);
        case errc::malformed_json:
            return fail_by_content("application/json", R"({"@":"@",)", echo);
        case errc::unexpected_document:
            return fail_by_content("application/json", R"({"@":"@","id":{"@":"@"},"status":"@"})",
                                   echo);
        case errc::unexpected_status:
            return fail_by_status("307 @", echo);
        case errc::cursor_repeated:
            return cursor_repeated(echo);
        case errc::invalid_request:
            return fail_by_status("422 @", echo);
        case errc::unauthenticated:
            return fail_by_status("401 @", echo);
        case errc::permission_denied:
            return fail_by_status("403 @", echo);
        case errc::not_found:
            return fail_by_status("404 @", echo);
        case errc::conflict:
            return fail_by_status("409 @", echo);
        case errc::gone:
            return fail_by_status("410 @", echo);
        case errc::rate_limited:
            return fail_by_status("429 @", echo);
        case errc::server_error:
            return fail_by_status("500 @", echo);
        case errc::refused:
            return fail_by_status("418 @", echo);
        case errc::lost_contact:
            return lost_contact(echo);
    }
    return std::nullopt;
}

} // namespace bctrl::test
