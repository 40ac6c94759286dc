// The pages that proxies answer with on their own account are told as typed, readable errors.

#include "../canned_server.hpp"
#include "proxy_fixture.hpp"

#include <gmock/gmock.h>

namespace bctrl::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

struct told {
    error_code code;
    error_details details;
    std::string text;
};

class proxy_pages : public proxies {
protected:
    told answer_to(request const& what) {
        auto const with = make_client();
        try {
            result_of(with.send(what, {.retry = retry_policy{.attempts = 1}}));
        } catch (request_error const& fault) {
            return {fault.code(), fault.details(), fault.what()};
        }
        ADD_FAILURE() << "the call succeeded";
        return {};
    }

    void expect_page(told const& got, errc code, int status) {
        EXPECT_EQ(got.code, code) << got.text;
        EXPECT_EQ(got.details.status, status) << got.text;
        auto const title = "an HTML page titled \"" + std::to_string(status) + " [A-Z].+\"";
        EXPECT_THAT(got.details.message, MatchesRegex(title));
        EXPECT_THAT(got.text, HasSubstr(got.details.url));
        EXPECT_THAT(got.text, testing::Not(HasSubstr(emulator_key)));
    }
};

BCTRL_WITH_EVERY_PROXY(proxy_pages);

TEST_P(proxy_pages, of_requests_that_they_do_not_forward) {
    start_proxy();
    expect_page(answer_to({"GET", "/v2/operations"}), errc::not_found, 404);
    expect_page(answer_to({"GET", "/v1/maintenance"}), errc::server_error, 503);
    request large{"POST", "/v1/runs"};
    large.body(json_text::from('"' + std::string(20'000, 'x') + '"').value());
    expect_page(answer_to(large), errc::refused, 413);
    request long_header{"GET", "/v1/operations"};
    long_header.header("X-Long", std::string(40'000, 'x'));
    expect_page(answer_to(long_header), errc::invalid_request, 400);
}

TEST_P(proxy_pages, of_a_backend_that_closes_without_an_answer) {
    canned_server const silent{""};
    proxy_settings wanted;
    wanted.backend = silent.port();
    start_proxy(wanted);
    auto const got = answer_to({"GET", "/v1/operations"});
    expect_page(got, errc::server_error, 502);
    EXPECT_EQ(got.code, condition::retryable);
}

TEST_P(proxy_pages, of_a_backend_that_is_down) {
    stop_backend();
    start_proxy();
    auto const got = answer_to({"GET", "/v1/operations"});
    auto const is_nginx = std::string{GetParam()->name} == "nginx";
    expect_page(got, errc::server_error, is_nginx ? 502 : 503);
}

TEST_P(proxy_pages, of_a_backend_that_takes_too_long) {
    proxy_settings wanted;
    wanted.read_timeout = 1s;
    start_proxy(wanted);
    auto const id = backend().create_operation(life_of(60s));
    auto const got = answer_to({"POST", "/v1/operations/" + id + "/wait"});
    auto const is_apache = std::string{GetParam()->name} == "apache";
    expect_page(got, errc::server_error, is_apache ? 502 : 504);
}

} // namespace
} // namespace bctrl::test
