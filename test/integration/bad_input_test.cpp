// Wrong settings, wrong arguments and wrong answers: each gives its own typed, readable error.

#include "canned_server.hpp"
#include "client_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <functional>
#include <sstream>

namespace bctrl::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// No error text may ever hold it.
constexpr auto* canary_key = "bctrl_canary_5d41402abc4b2a76";

struct refusal {
    error_code code;
    std::string text;
    error_details details;
};

asio::awaitable<refusal> refused(asio::awaitable<void> work) {
    try {
        co_await std::move(work);
    } catch (request_error const& e) {
        co_return refusal{e.code(), e.what(), e.details()};
    }
    ADD_FAILURE() << "the call succeeded";
    co_return refusal{};
}

asio::awaitable<void> get(client& from, std::string id) {
    co_await from.operations().get(id, {.retry = retry_policy{.attempts = 1}});
    from.abandon();
}

class bad_input : public testing::Test {
protected:
    refusal get_with(client_config const& config, std::string const& id = "some-id") {
        client made{loop_.executor(), config};
        auto work = [](client& c, std::string name) -> asio::awaitable<refusal> {
            auto call = get(c, name);
            auto ended = co_await refused(std::move(call));
            c.abandon();
            co_return ended;
        };
        return loop_.run(work(made, id));
    }

    refusal get_answered_with(std::string const& answer) {
        canned_server const server{answer};
        client_config config;
        config.key = api_key{canary_key};
        config.base_url = server.base_url();
        return get_with(config);
    }

    /// What making a client of `config` is refused with.
    refusal made_with(client_config const& config) {
        try {
            client const made{loop_.executor(), config};
        } catch (request_error const& e) {
            return {e.code(), e.what(), e.details()};
        }
        ADD_FAILURE() << "the client was made";
        return {};
    }

    event_loop loop_;
};

TEST_F(bad_input, no_key) {
    auto const error = made_with(client_config{});
    EXPECT_EQ(error.code, errc::invalid_api_key);
    EXPECT_THAT(error.text, HasSubstr("BCTRL_API_KEY"));
}

TEST_F(bad_input, a_key_with_a_line_break_is_refused_before_any_io) {
    client_config config;
    config.key = api_key{std::string{canary_key} + "\r\nX-Evil: 1"};
    auto const error = made_with(config);
    EXPECT_EQ(error.code, errc::invalid_api_key);
    EXPECT_THAT(error.text, Not(HasSubstr("canary")));
}

TEST_F(bad_input, plain_http_to_another_machine) {
    client_config config;
    config.key = api_key{canary_key};
    config.base_url = "http://api.example.com";
    EXPECT_EQ(made_with(config).code, errc::insecure_origin);
}

TEST_F(bad_input, a_base_url_that_is_none) {
    client_config config;
    config.key = api_key{canary_key};
    for (auto const* const url : {"", "api.bctrl.ai", "ftp://x", "https://", "https://u:p@x",
                                  "https://x:0", "https://x/?q", "https://x/#f", "https://a b"}) {
        config.base_url = url;
        EXPECT_EQ(made_with(config).code, errc::invalid_configuration) << url;
    }
}

TEST_F(bad_input, a_ca_file_that_cannot_be_read) {
    client_config config;
    config.key = api_key{canary_key};
    config.ca_file = "/nonexistent/ca.pem";
    auto const error = made_with(config);
    EXPECT_EQ(error.code, errc::invalid_configuration);
    EXPECT_THAT(error.text, HasSubstr("/nonexistent/ca.pem"));
}

TEST_F(bad_input, a_wrong_key) {
    secure_emulator emulator;
    auto config = emulator.config();
    config.key = api_key{canary_key};
    auto const error = get_with(config);
    EXPECT_EQ(error.code, errc::unauthenticated);
    EXPECT_EQ(error.code, condition::auth);
    EXPECT_EQ(error.details.status, 401);
    EXPECT_THAT(error.text, Not(HasSubstr("canary")));
}

TEST_F(bad_input, an_unknown_id) {
    secure_emulator emulator;
    auto const error = get_with(emulator.config(), "nobody");
    EXPECT_EQ(error.code, errc::not_found);
    EXPECT_EQ(error.details.resource_id, "nobody");
    EXPECT_THAT(error.text, HasSubstr(error.details.request_id));
}

TEST_F(bad_input, an_empty_id_is_refused_before_any_io) {
    secure_emulator emulator;
    EXPECT_EQ(get_with(emulator.config(), "").code, errc::invalid_argument);
    EXPECT_EQ(emulator->stats().connections_total, 0U);
}

TEST_F(bad_input, a_strange_id_stays_one_segment_of_the_path) {
    secure_emulator emulator;
    for (std::string const id :
         {"a/b", "a?b", "a#b", "..", ".", "a b", "%2F", "\xc3\xbc\n\x01", "a;b=c"}) {
        auto const error = get_with(emulator.config(), id);
        EXPECT_EQ(error.details.code, "operation.not_found") << id << ": " << error.text;
    }
}

TEST_F(bad_input, a_refused_connection) {
    client_config config;
    config.key = api_key{canary_key};
    {
        canned_server const closed{""};
        config.base_url = closed.base_url();
    }
    auto const error = get_with(config);
    EXPECT_EQ(error.code, errc::connect_failed);
    EXPECT_EQ(error.code, condition::transport);
    EXPECT_EQ(error.code, condition::retryable);
    EXPECT_EQ(error.details.cause, boost::asio::error::connection_refused);
    EXPECT_THAT(error.text, HasSubstr("127.0.0.1:"));
}

TEST_F(bad_input, a_host_name_without_an_address) {
    client_config config;
    config.key = api_key{canary_key};
    config.base_url = "https://no-such-host.invalid";
    auto const error = get_with(config);
    EXPECT_EQ(error.code, errc::resolve_failed);
    EXPECT_THAT(error.text, HasSubstr("no-such-host.invalid"));
}

TEST_F(bad_input, a_wrong_ca) {
    secure_emulator emulator;
    temporary_path other_ca{".pem"};
    emulator::certificate_authority{"another"}.write_ca(other_ca.path());
    auto config = emulator.config();
    config.ca_file = other_ca.string();
    auto const error = get_with(config);
    EXPECT_EQ(error.code, errc::certificate_rejected);
    EXPECT_NE(error.code, condition::retryable);
    EXPECT_EQ(emulator->stats().requests, 0U) << "the key must not be sent to an unknown server";
}

TEST_F(bad_input, a_plain_server_where_tls_is_expected) {
    canned_server const plain{http_answer("200 OK", "text/plain", "hello")};
    client_config config;
    config.key = api_key{canary_key};
    config.base_url = "https" + plain.base_url().substr(4);
    // It waits for a request line that never comes, so the handshake cannot end.
    config.connect_timeout = 200ms;
    auto const error = get_with(config);
    EXPECT_EQ(error.code, condition::transport) << error.text;
}

TEST_F(bad_input, broken_json) {
    auto const error = get_answered_with(http_answer("200 OK", "application/json", R"({"id": )"));
    EXPECT_EQ(error.code, errc::malformed_json);
    EXPECT_EQ(error.code, condition::protocol);
}

TEST_F(bad_input, html_instead_of_json) {
    auto const error = get_answered_with(http_answer(
        "200 OK", "text/html", "<!doctype html><title>Welcome to the hotel</title><p>Log in</p>"));
    EXPECT_EQ(error.code, errc::unexpected_content);
    EXPECT_THAT(error.text, HasSubstr("Welcome to the hotel"));
}

TEST_F(bad_input, an_html_error_page) {
    auto const error = get_answered_with(
        http_answer("502 Bad Gateway", "text/html", "<html><title>502 Bad Gateway</title></html>"));
    EXPECT_EQ(error.code, errc::server_error);
    EXPECT_EQ(error.details.status, 502);
    EXPECT_THAT(error.text, HasSubstr("502 Bad Gateway"));
}

TEST_F(bad_input, an_empty_error_body) {
    auto const error = get_answered_with(http_answer("403 Forbidden", "application/json", ""));
    EXPECT_EQ(error.code, errc::permission_denied);
    EXPECT_THAT(error.text, HasSubstr("status 403"));
}

TEST_F(bad_input, missing_members_are_named_by_their_path) {
    auto const error =
        get_answered_with(http_answer("200 OK", "application/json", R"({"id":"x"})"));
    EXPECT_EQ(error.code, errc::unexpected_document);
    EXPECT_THAT(error.text, HasSubstr("$."));
}

TEST_F(bad_input, no_http_at_all) {
    EXPECT_EQ(get_answered_with("220 mail.example.com ESMTP\r\n\r\n").code,
              errc::malformed_response);
}

TEST_F(bad_input, a_redirect_is_not_followed) {
    canned_server const elsewhere{http_answer("200 OK", "application/json", "{}")};
    auto const error =
        get_answered_with("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.base_url() +
                          "/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(error.code, errc::unexpected_status);
    EXPECT_THAT(error.text, HasSubstr("never followed"));
}

TEST_F(bad_input, an_answer_cut_short) {
    auto const error = get_answered_with(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\":");
    EXPECT_EQ(error.code, errc::connection_lost);
    EXPECT_EQ(error.code, condition::retryable);
}

TEST_F(bad_input, two_framings_at_once) {
    auto const error = get_answered_with(
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_EQ(error.code, errc::malformed_response);
}

/// Everything above in one run, with the standard streams watched as well.
TEST_F(bad_input, the_key_is_in_no_message) {
    std::vector<std::string> const answers{http_answer("401 Unauthorized", "application/json",
                                                       R"({"error":"no","code":"auth.error"})"),
                                           http_answer("500 Oops", "text/plain", "stack trace"),
                                           "garbage", "",
                                           http_answer("200 OK", "application/json", "[]")};
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    std::string all;
    for (auto const& each : answers) {
        auto const error = get_answered_with(each);
        all += error.text + error.details.message + error.details.url + error.details.hint;
    }
    all += testing::internal::GetCapturedStdout() + testing::internal::GetCapturedStderr();
    EXPECT_THAT(all, Not(HasSubstr("canary")));
    EXPECT_THAT(all, Not(HasSubstr("Bearer")));
}

} // namespace
} // namespace bctrl::test
