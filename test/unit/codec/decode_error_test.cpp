#include "codec/codec.hpp"
#include "codec/error_body.hpp"
#include "documents.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <string>

namespace bctrl::codec {
namespace {

struct bad_document {
    std::string text;
    std::string path;
    std::string message;
};

template <class T>
void expect_refused(bad_document const& document, errc kind) {
    auto const read = decode<T>(document.text);
    ASSERT_FALSE(read) << document.text;
    EXPECT_EQ(read.error().kind, kind) << document.text;
    EXPECT_EQ(read.error().path, document.path) << document.text;
    EXPECT_NE(read.error().message.find(document.message), std::string::npos)
        << document.text << "\n"
        << read.error().message;
}

class bad_operations : public testing::TestWithParam<bad_document> {};
TEST_P(bad_operations, are_refused_with_their_path) {
    expect_refused<operation>(GetParam(), errc::unexpected_document);
}

/// The small operation with `member` under a name that nobody knows.
std::string without(std::string_view member) {
    auto text = operation_with("");
    auto const quoted = '"' + std::string{member} + '"';
    return text.replace(text.find(quoted + ':'), quoted.size(), "\"unknown\"");
}

std::string step_with(std::string_view members) {
    return operation_with_step(R"({"index":0,"ok":true,"call":"c")" + std::string{members} + "}");
}

std::string step_error_with(std::string_view members) {
    return step_with(R"(,"error":{"code":"TIMEOUT","message":"m")" + std::string{members} + "}");
}

std::string const both_kinds = R"(,"error":{"code":"X","message":"m"},"resolved":)" +
                               std::string{operation_resolved_json} + R"(,"result":1)";

INSTANTIATE_TEST_SUITE_P(
    missing, bad_operations,
    testing::Values(
        bad_document{"{}", "$.id", "is missing"}, bad_document{without("id"), "$.id", "is missing"},
        bad_document{without("status"), "$.status", "is missing"},
        bad_document{without("workspaceId"), "$.workspaceId", "is missing"},
        bad_document{without("runtime"), "$.runtime", "is missing"},
        bad_document{without("runtimeId"), "$.runtimeId", "is missing"},
        bad_document{without("runtimeKind"), "$.runtimeKind", "is missing"},
        bad_document{without("createdAt"), "$.createdAt", "is missing"},
        bad_document{operation_with(R"(,"error":{})"), "$.error.message", "is missing"},
        bad_document{operation_with(R"(,"result":{})"), "$.result.mode", "is missing"},
        bad_document{operation_with_step("{}"), "$.result.steps[0].index", "is missing"},
        bad_document{step_with(R"(,"resolved":{})"), "$.result.steps[0].resolved.call",
                     "is missing"},
        bad_document{step_with(R"(,"error":{"message":"m"})"), "$.result.steps[0].error.code",
                     "is missing"},
        bad_document{step_error_with(R"(,"diagnostic":{})"),
                     "$.result.steps[0].error.diagnostic.id", "is missing"},
        bad_document{step_error_with(R"(,"diagnostic":{"id":"d","fixes":[{"title":"t"},{}]})"),
                     "$.result.steps[0].error.diagnostic.fixes[1].title", "is missing"}));

INSTANTIATE_TEST_SUITE_P(
    mistyped, bad_operations,
    testing::Values(
        bad_document{"[]", "$", "expected an object, found an array"},
        bad_document{"null", "$", "expected an object, found null"},
        bad_document{"1", "$", "expected an object, found a number"},
        bad_document{"\"x\"", "$", "expected an object, found a string"},
        bad_document{"true", "$", "expected an object, found true"},
        bad_document{R"({"id":1})", "$.id", "expected a string, found a number"},
        bad_document{R"({"id":null})", "$.id", "expected a string, found null"},
        bad_document{R"({"id":{}})", "$.id", "expected a string, found an object"},
        bad_document{R"({"status":["queued"]})", "$.status", "expected a string, found an array"},
        bad_document{R"({"createdAt":false})", "$.createdAt", "expected a string, found false"},
        bad_document{R"({"startedAt":1})", "$.startedAt", "expected a string, found a number"},
        bad_document{R"({"progress":[]})", "$.progress", "expected an object, found an array"},
        bad_document{R"({"progress":{"step":"1"}})", "$.progress.step",
                     "expected an integer, found a string"},
        bad_document{R"({"progress":{"step":1.5}})", "$.progress.step", "fraction"},
        bad_document{R"({"progress":{"step":9223372036854775808}})", "$.progress.step", "64 bits"},
        bad_document{R"({"progress":{"step":-9223372036854775809}})", "$.progress.step", "64 bits"},
        bad_document{R"({"progress":{"step":1e400}})", "$.progress.step", "64 bits"},
        bad_document{R"({"result":{"ok":1}})", "$.result.ok",
                     "expected true or false, found a number"},
        bad_document{R"({"result":{"steps":{}}})", "$.result.steps",
                     "expected an array, found an object"},
        bad_document{R"({"result":{"steps":null}})", "$.result.steps",
                     "expected an array, found null"},
        bad_document{R"({"result":{"steps":[null]}})", "$.result.steps[0]",
                     "expected an object, found null"},
        bad_document{
            operation_with_step(
                R"({"index":0,"ok":true,"call":"c","error":{"code":"X","message":"m"}},7)"),
            "$.result.steps[1]", "expected an object, found a number"},
        bad_document{step_error_with(R"(,"diagnostic":{"id":"d","closest":["a",null]})"),
                     "$.result.steps[0].error.diagnostic.closest[1]",
                     "expected a string, found null"}));

INSTANTIATE_TEST_SUITE_P(
    steps, bad_operations,
    testing::Values(
        bad_document{step_with(""), "$.result.steps[0]", "neither"},
        bad_document{step_with(R"(,"result":1)"), "$.result.steps[0]", "neither"},
        bad_document{step_with(R"(,"error":null)"), "$.result.steps[0]", "neither"},
        bad_document{step_with(R"(,"resolved":)" + std::string{operation_resolved_json}),
                     "$.result.steps[0].result", "is missing"},
        bad_document{step_with(both_kinds), "$.result.steps[0].error", "must not stand beside"}));

INSTANTIATE_TEST_SUITE_P(
    twins, bad_operations,
    testing::Values(bad_document{R"({"id":"a","id":"a"})", "$.id", "appears twice"},
                    bad_document{R"({"id":"a","i\u0064":"b"})", "$.id", "appears twice"},
                    bad_document{R"({"progress":null,"progress":{}})", "$.progress",
                                 "appears twice"},
                    bad_document{R"({"progress":{"step":1,"x":0,"step":2}})", "$.progress.step",
                                 "appears twice"}));

class bad_invocations : public testing::TestWithParam<bad_document> {};
TEST_P(bad_invocations, are_refused_with_their_path) {
    expect_refused<invocation>(GetParam(), errc::unexpected_document);
}

std::string const success_members =
    R"("resolved":)" + std::string{resolved_json} + R"(,"result":1)";
std::string const failure_members = R"("error":{"code":"TIMEOUT","message":"m"})";

INSTANTIATE_TEST_SUITE_P(
    steps, bad_invocations,
    testing::Values(
        bad_document{
            invocation_with_step(R"({"index":0,"ok":false,"call":"c",)" + success_members + "}"),
            "$.result.steps[0].ok", "is false although"},
        bad_document{
            invocation_with_step(R"({"index":0,"ok":true,"call":"c",)" + failure_members + "}"),
            "$.result.steps[0].ok", "is true although"},
        bad_document{invocation_with_step(R"({"index":0,"ok":false,"call":"c",)" + failure_members +
                                          "," + success_members + "}"),
                     "$.result.steps[0].error", "must not stand beside"},
        bad_document{invocation_with(R"(,"request":{"runtimeId":"r","steps":[{"call":"c"},{}]})"),
                     "$.request.steps[1].call", "is missing"},
        bad_document{invocation_with(R"(,"durationMs":"1")"), "$.durationMs",
                     "expected an integer"},
        bad_document{R"({"artifactCount":null})", "$.artifactCount",
                     "expected an integer, found null"}));

TEST(decode_errors, name_elements_of_a_page) {
    expect_refused<command_page>({R"({"commands":[]})", "$.nextCursor", "is missing"},
                                 errc::unexpected_document);
    expect_refused<command_page>({R"({"nextCursor":null})", "$.commands", "is missing"},
                                 errc::unexpected_document);
    expect_refused<command_page>({R"({"commands":[)" + invocation_with("") + "," +
                                      invocation_with(R"(,"error":{"message":1})") + "]}",
                                  "$.commands[1].error.message", "expected a string"},
                                 errc::unexpected_document);
}

TEST(decode_errors, name_members_of_a_wait_result) {
    expect_refused<operation_wait_result>(
        {R"({"timedOutWaiting":true})", "$.operation", "is missing"}, errc::unexpected_document);
    expect_refused<operation_wait_result>(
        {R"({"operation":)" + operation_with("") + "}", "$.timedOutWaiting", "is missing"},
        errc::unexpected_document);
    expect_refused<operation_wait_result>(
        {R"({"operation":{"status":0}})", "$.operation.status", "string"},
        errc::unexpected_document);
    expect_refused<invocation_wait_result>({"{}", "$.invocation", "is missing"},
                                           errc::unexpected_document);
}

class malformed : public testing::TestWithParam<bad_document> {};
TEST_P(malformed, is_told_from_unexpected) {
    expect_refused<operation>(GetParam(), errc::malformed_json);
}

INSTANTIATE_TEST_SUITE_P(
    text, malformed,
    testing::Values(
        bad_document{"", "$", "ends too early"}, bad_document{"  \n", "$", "ends too early"},
        bad_document{"{", "$", "ends too early"}, bad_document{"{]", "$", "at byte 1"},
        bad_document{"<html></html>", "$", "syntax"},
        bad_document{"{\"id\":\"a\",}", "$.id", "syntax"}, bad_document{"{'id':1}", "$", "syntax"},
        bad_document{"{\"id\":nul}", "$.id", "syntax"},
        bad_document{R"({"progress":{"step":01}})", "$.progress.step", "syntax"},
        bad_document{R"({"progress":{"step":1.}})", "$.progress.step", "syntax"},
        bad_document{R"({"progress":{"step":NaN}})", "$.progress.step", "syntax"},
        bad_document{R"({"odd name":[1,})", R"($["odd name"])", "syntax"},
        bad_document{R"({"odd":{"a":[1 2]}})", "$.odd", "syntax"},
        bad_document{"{\"id\":\"a\nb\"}", "$.id", "at byte"},
        bad_document{"{\"id\":\"\xFF\"}", "$.id", "at byte"},
        bad_document{"{\"id\":\"\xC0\x80\"}", "$.id", "at byte"},
        bad_document{"{\"id\":\"\xED\xA0\x80\"}", "$.id", "at byte"},
        bad_document{"{\"x\":{\"y\":\"\xC3(\"}}", "$.x", "at byte"},
        bad_document{"{\"id\":\"\\x\"}", "$.id", "at byte"},
        bad_document{operation_with("") + "x", "$", "followed by other text"},
        bad_document{operation_with("") + operation_with(""), "$", "followed by other text"},
        bad_document{operation_with("") + '\0', "$", "followed by other text"},
        bad_document{"{/* no */}", "$", "syntax"}));

} // namespace
} // namespace bctrl::codec
