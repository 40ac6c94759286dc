#include <bctrl/error.hpp>

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace bctrl {
namespace {

std::vector<errc> all_errors() {
    std::vector<errc> found;
    for (int value = 1; value < 200; ++value)
        if (error_category().message(value) != "an unknown error")
            found.push_back(static_cast<errc>(value));
    return found;
}

std::vector<condition> all_conditions() {
    std::vector<condition> found;
    for (int value = 1; value < 20; ++value)
        if (condition_category().message(value) != "an unknown condition")
            found.push_back(static_cast<condition>(value));
    return found;
}

TEST(errc, has_a_text_of_its_own_for_each_error) {
    auto const errors = all_errors();
    EXPECT_EQ(errors.size(), 38U);
    EXPECT_EQ(errors.front(), errc::invalid_configuration);
    EXPECT_EQ(errors.back(), errc::internal);
    std::set<std::string> texts;
    for (auto const each : errors)
        EXPECT_TRUE(texts.insert(error_code{each}.message()).second) << error_code{each}.message();
    EXPECT_EQ(error_category().message(0), "an unknown error");
}

TEST(errc, belongs_to_the_category_of_the_library) {
    error_code const code = errc::not_found;
    EXPECT_STREQ(code.category().name(), "bctrl");
    EXPECT_EQ(code, errc::not_found);
    EXPECT_NE(code, errc::gone);
    EXPECT_NE(code,
              error_code(static_cast<int>(errc::not_found), boost::system::system_category()));
}

struct grouping {
    condition group;
    std::vector<errc> members;
};

std::vector<grouping> const& groupings() {
    using enum errc;
    static std::vector<grouping> const table{
        {condition::retryable,
         {queue_full, queue_timeout, too_many_descriptors, resolve_failed, connect_failed,
          tls_failed, connection_lost, proxy_failed, rate_limited, server_error, lost_contact}},
        {condition::timeout, {deadline_exceeded, queue_timeout, lost_contact}},
        {condition::cancelled, {client_closed}},
        {condition::auth,
         {invalid_api_key, unauthenticated, permission_denied, proxy_unauthenticated}},
        {condition::not_found, {errc::not_found, gone}},
        {condition::throttled, {queue_full, queue_timeout, too_many_descriptors, rate_limited}},
        {condition::transport,
         {resolve_failed, connect_failed, tls_failed, certificate_rejected, connection_lost,
          client_certificate_refused, proxy_unauthenticated, proxy_refused, proxy_failed}},
        {condition::protocol,
         {malformed_response, header_too_large, body_too_large, unexpected_content, malformed_json,
          unexpected_document, unexpected_status, cursor_repeated}},
    };
    return table;
}

TEST(condition, groups_the_errors) {
    ASSERT_EQ(groupings().size(), all_conditions().size());
    for (auto const& [group, members] : groupings())
        for (auto const each : all_errors()) {
            auto const belongs = std::find(members.begin(), members.end(), each) != members.end();
            EXPECT_EQ(error_code{each} == group, belongs)
                << error_code{each}.message() << " / " << make_error_condition(group).message();
        }
}

TEST(condition, has_a_text_of_its_own_for_each_group) {
    std::set<std::string> texts;
    for (auto const each : all_conditions())
        EXPECT_TRUE(texts.insert(make_error_condition(each).message()).second);
    EXPECT_STREQ(make_error_condition(condition::auth).category().name(), "bctrl.condition");
}

TEST(condition, takes_a_cancelled_call_for_cancelled) {
    error_code const aborted = boost::asio::error::operation_aborted;
    for (auto const each : all_conditions())
        EXPECT_EQ(aborted == each, each == condition::cancelled);
}

TEST(condition, holds_for_no_error_of_others) {
    error_code const other{static_cast<int>(errc::not_found), boost::system::system_category()};
    for (auto const each : all_conditions()) {
        EXPECT_FALSE(other == each);
        EXPECT_FALSE(error_code{} == each);
    }
}

TEST(describe, tells_all_that_is_known) {
    error_details details;
    details.call = "operations.get";
    details.resource_id = "op_1";
    details.url = "https://api.example/v1/operations/op_1";
    details.message = "No such operation";
    details.status = 404;
    details.code = "operation.not_found";
    details.request_id = "req_7";
    details.attempts = 2;
    details.hint = "Check the id";
    EXPECT_EQ(describe(errc::not_found, details),
              "operations.get op_1 at https://api.example/v1/operations/op_1: not found: No such "
              "operation (status 404, code operation.not_found, request req_7, attempts 2). Check "
              "the id.");
}

TEST(describe, leaves_out_what_is_not_known) {
    EXPECT_EQ(describe(errc::queue_full, {}), "bctrl: too many calls wait for a connection.");
    error_details details;
    details.attempts = 1;
    EXPECT_EQ(describe(errc::queue_full, details), "bctrl: too many calls wait for a connection.");
}

TEST(describe, says_nothing_twice) {
    error_details details;
    details.message = "the connection was lost: Connection reset by peer";
    EXPECT_EQ(describe(errc::connection_lost, details),
              "bctrl: the connection was lost: Connection reset by peer.");
    EXPECT_EQ(describe(errc::deadline_exceeded, details),
              "bctrl: the deadline passed: the connection was lost: Connection reset by peer.");
}

TEST(describe, ends_sentences_once) {
    error_details details;
    details.message = "Slow down.";
    EXPECT_EQ(describe(errc::rate_limited, details), "bctrl: too many requests: Slow down.");
    details.status = 429;
    details.hint = "Really!";
    EXPECT_EQ(describe(errc::rate_limited, details),
              "bctrl: too many requests: Slow down (status 429). Really!");
}

TEST(request_error, carries_code_details_and_text) {
    auto details = std::make_shared<error_details>();
    details->call = "runs.commands";
    details->status = 403;
    request_error const error{errc::permission_denied, details};
    EXPECT_EQ(error.code(), errc::permission_denied);
    EXPECT_EQ(error.details().status, 403);
    EXPECT_EQ(error.what(), describe(errc::permission_denied, *details));
}

TEST(request_error, is_copied_without_losing_anything) {
    auto details = std::make_shared<error_details>();
    details->message = "kept";
    std::exception_ptr thrown;
    {
        request_error const error{errc::conflict, std::move(details)};
        request_error const copy{error};
        EXPECT_STREQ(copy.what(), error.what());
        EXPECT_EQ(&copy.details(), &error.details());
        thrown = std::make_exception_ptr(copy);
    }
    try {
        std::rethrow_exception(thrown);
    } catch (boost::system::system_error const& caught) {
        EXPECT_EQ(caught.code(), errc::conflict);
        EXPECT_NE(std::string{caught.what()}.find("kept"), std::string::npos);
    }
    static_assert(std::is_nothrow_copy_constructible_v<request_error>);
}

TEST(request_error, needs_no_details) {
    request_error const error{errc::internal, nullptr};
    EXPECT_EQ(error.details().status, 0);
    EXPECT_STREQ(error.what(), "bctrl: a fault of this library.");
}

} // namespace
} // namespace bctrl
