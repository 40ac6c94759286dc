#include "codec/codec.hpp"
#include "codec/error_body.hpp"
#include "documents.hpp"
#include "json_compare.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace bctrl::codec {
namespace {

template <class T>
T read(std::string_view text, decode_limits limits = {}) {
    auto value = decode<T>(text, limits);
    if (!value) {
        ADD_FAILURE() << text << "\n" << value.error().path << ' ' << value.error().message;
        return {};
    }
    return *std::move(value);
}

TEST(decode, tells_absent_null_and_set_apart) {
    EXPECT_TRUE(read<operation>(operation_with("")).current_call.is_absent());
    EXPECT_TRUE(read<operation>(operation_with(R"(,"currentCall":null)")).current_call.is_null());
    EXPECT_EQ(read<operation>(operation_with(R"(,"currentCall":"c")")).current_call, "c");
    EXPECT_EQ(read<operation>(operation_with(R"(,"currentCall":"")")).current_call, "");
}

TEST(decode, takes_null_of_an_optional_member_as_absent) {
    auto const op = read<operation>(operation_with(
        R"(,"progress":{"step":null,"message":null},"error":{"message":"m","code":null,"details":null})"));
    EXPECT_FALSE(op.progress->step);
    EXPECT_FALSE(op.progress->message);
    EXPECT_FALSE(op.error->code);
    EXPECT_TRUE(op.error->details.empty());
    EXPECT_EQ(encode(op), operation_with(R"(,"progress":{},"error":{"message":"m"})"));
}

TEST(decode, keeps_texts_that_no_enumeration_knows) {
    auto text = operation_with("");
    text.replace(text.find("queued"), 6, "archived");
    auto const op = read<operation>(text);
    EXPECT_EQ(op.status, durable_status::unknown);
    EXPECT_EQ(op.status.text(), "archived");
    EXPECT_EQ(encode(op), text);
}

TEST(decode, keeps_unknown_members_at_every_level) {
    auto const text = operation_with(
        R"(,"progress":{"step":1,"eta":{"s":[1,2.50]}},"error":{"message":"m","retry":false},)"
        R"("result":{"mode":"fail-fast","ok":false,"runtime":"r","steps":[{"index":0,"ok":false,"call":"c",)"
        R"("error":{"code":"X","message":"m","diagnostic":{"id":"d","fixes":[{"title":"t","new":0}],)"
        R"("new":1},"new":2},"new":3}],"new":4},"new":null,"odd \"name\"":[{}])");
    auto const op = read<operation>(text);
    EXPECT_EQ(encode(op), text);
    ASSERT_EQ(op.other_members.size(), 2u);
    EXPECT_EQ(op.other_members[0].name, "new");
    EXPECT_EQ(op.other_members[0].value.text(), "null");
    EXPECT_EQ(op.other_members[1].name, "odd \"name\"");
    EXPECT_EQ(op.progress->other_members[0].value.text(), R"({"s":[1,2.50]})");
}

TEST(decode, keeps_unknown_twins) {
    auto const text = operation_with(R"(,"new":1,"new":2)");
    EXPECT_EQ(encode(read<operation>(text)), text);
}

TEST(decode, goes_by_names_whatever_their_order) {
    auto const straight =
        read<operation>(operation_with(R"(,"startedAt":"s","progress":{"step":1})"));
    auto const turned = read<operation>(
        R"({"progress":{"step":1},"startedAt":"s","createdAt":"t","runtimeKind":"browser",)"
        R"("runtimeId":"ri","runtime":"r","workspaceId":"w","status":"queued","id":"i"})");
    EXPECT_EQ(straight, turned);
}

TEST(decode, reads_escaped_names_and_texts) {
    auto const op = read<operation>(
        operation_with(R"(,"currentC\u0061ll":"a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00\u0000z")"));
    std::string const expected{"a\"\\/\b\f\n\r\t\xC3\xA4\xF0\x9F\x98\x80\0z", 17};
    EXPECT_EQ(op.current_call, expected);
    EXPECT_EQ(read<operation>(encode(op)), op);
}

TEST(decode, mends_lone_surrogates) {
    auto const op = read<operation>(operation_with(
        R"(,"currentCall":"cut \ud83d","new":["\udE00x\\ud83d","\ud83d\ud83d\ude00"],"runtime2":"\\\ud83d")"));
    EXPECT_EQ(op.current_call, "cut \xEF\xBF\xBD");
    EXPECT_EQ(op.other_members[0].value.text(),
              "[\"\xEF\xBF\xBDx\\\\ud83d\",\"\xEF\xBF\xBD\xF0\x9F\x98\x80\"]");
    EXPECT_EQ(op.other_members[1].value.text(), "\"\\\\\xEF\xBF\xBD\"");
}

TEST(decode, does_not_repair_other_faults_beside_a_lone_surrogate) {
    EXPECT_FALSE(decode<operation>(R"({"id":"\ud83d","x":tru})"));
    EXPECT_FALSE(decode<operation>(R"({"id":"\ud83d\u12"})"));
    EXPECT_FALSE(decode<operation>(R"({"id":"\ud83d\)"));
    EXPECT_FALSE(decode<operation>(R"({"id":"\ud83)"));
}

TEST(decode, reads_integers_however_written) {
    auto const step = [](std::string_view number) {
        return read<operation>(
                   operation_with(R"(,"progress":{"step":)" + std::string{number} + "}"))
            .progress->step;
    };
    EXPECT_EQ(step("3"), 3);
    EXPECT_EQ(step("3.0"), 3);
    EXPECT_EQ(step("3e0"), 3);
    EXPECT_EQ(step("-0"), 0);
    EXPECT_EQ(step("30e-1"), 3);
    EXPECT_EQ(step("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(step("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(step("9007199254740993.0"), 9007199254740993);
}

TEST(decode, allows_white_space_around_everything) {
    EXPECT_EQ(read<wait_request>(" \r\n\t{ \"timeoutMs\" : 5 } \n").timeout_ms, 5);
    EXPECT_EQ(read<wait_request>("{}").timeout_ms, std::nullopt);
}

TEST(decode, bounds_the_depth) {
    auto const nested = [](std::size_t levels) {
        return operation_with(",\"new\":" + std::string(levels, '[') + std::string(levels, ']'));
    };
    EXPECT_TRUE(decode<operation>(nested(511)));
    auto const refused = decode<operation>(nested(512));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, errc::unexpected_document);
    EXPECT_EQ(refused.error().path, "$.new");
    EXPECT_EQ(refused.error().message, "is nested deeper than 512 levels");
    EXPECT_FALSE(decode<operation>(nested(10), {.depth = 10}));
    EXPECT_TRUE(decode<operation>(nested(9), {.depth = 10}));
    EXPECT_FALSE(decode<operation>(operation_with(",\"new\":" + std::string(10'000'000, '['))));
}

TEST(decode, wait_result_of_an_invocation_may_lack_its_flag) {
    auto const text = R"({"invocation":)" + invocation_with("") + "}";
    EXPECT_FALSE(read<invocation_wait_result>(text).timed_out_waiting);
    EXPECT_FALSE(read<invocation_wait_result>(R"({"timedOutWaiting":null,)" + text.substr(1))
                     .timed_out_waiting);
    EXPECT_TRUE(read<invocation_wait_result>(R"({"timedOutWaiting":true,)" + text.substr(1))
                    .timed_out_waiting);
}

TEST(decode, ok_proves_nothing_in_a_step_of_an_operation) {
    for (std::string const ok : {"true", "false"}) {
        auto const success = read<operation>(
            operation_with_step(R"({"index":0,"ok":)" + ok + R"(,"call":"c","resolved":)" +
                                std::string{operation_resolved_json} + R"(,"result":null})"));
        EXPECT_FALSE(success.result->steps[0].error);
        EXPECT_EQ(success.result->steps[0].result.text(), "null");
        auto const failure = read<operation>(
            operation_with_step(R"({"index":0,"ok":)" + ok +
                                R"(,"call":"c","error":{"code":"TIMEOUT","message":"m"}})"));
        EXPECT_TRUE(failure.result->steps[0].error);
    }
}

/// By the contract a failure may carry members that it has no name for, a part of a success among
/// them.
TEST(decode, a_failed_step_may_carry_a_result) {
    auto const text = operation_with_step(
        R"({"index":0,"ok":false,"call":"c","result":null,"error":{"code":"TIMEOUT","message":"m"}})");
    auto const op = read<operation>(text);
    EXPECT_TRUE(op.result->steps[0].error);
    EXPECT_TRUE(same_json(encode(op), text));
}

TEST(decode, a_step_that_went_well_may_say_that_its_error_is_null) {
    auto const op = read<operation>(
        operation_with_step(R"({"index":0,"ok":true,"call":"c","error":null,"resolved":)" +
                            std::string{operation_resolved_json} + R"(,"result":1})"));
    EXPECT_FALSE(op.result->steps[0].error);
}

TEST(decode, keeps_free_json_to_the_digit) {
    std::string const values[] = {"1e400",
                                  "-0",
                                  "-0.0",
                                  "0.1000000000000000000000001",
                                  "1E+2",
                                  "1e-2147483647",
                                  "123456789012345678901234567890",
                                  "[]",
                                  "{}",
                                  "\"\"",
                                  "[[],{},\"\",null]",
                                  R"({"":{"a":[true,false,{"b":1}]},"b":"[{:,"})"};
    for (auto const& value : values) {
        auto const text = invocation_with(R"(,"metadata":)" + value);
        auto const seen = read<invocation>(text);
        ASSERT_TRUE(seen.metadata) << value;
        EXPECT_EQ(seen.metadata->text(), value);
        EXPECT_EQ(encode(seen), text);
    }
}

TEST(decode, arguments_may_be_null) {
    auto const text = invocation_with(
        R"(,"request":{"runtimeId":"r","steps":[{"call":"c","args":[null,1,[2],{"a":null}]}]})");
    auto const seen = read<invocation>(text);
    auto const& args = *seen.request->steps[0].args;
    ASSERT_EQ(args.size(), 4u);
    EXPECT_EQ(args[0].text(), "null");
    EXPECT_EQ(args[3].text(), R"({"a":null})");
    EXPECT_EQ(encode(seen), text);
}

TEST(encode, writes_what_the_service_reads) {
    EXPECT_EQ(encode(wait_request{}), "{}");
    EXPECT_EQ(encode(wait_request{.timeout_ms = 50'000, .other_members = {}}),
              R"({"timeoutMs":50000})");

    invocation_request request;
    request.runtime_id = "r";
    request.mode = step_mode::fail_fast;
    request.idempotency_key = "k\"";
    auto& step = request.steps.emplace_back();
    step.call = "page.goto";
    step.args.emplace({*json_text::from(R"( "https://x" )"), json_text{}});
    step.options.emplace().dry_run = true;
    EXPECT_EQ(encode(request),
              R"({"runtimeId":"r","mode":"fail-fast","idempotencyKey":"k\"","steps":[)"
              R"({"call":"page.goto","args":["https://x",null],"options":{"dryRun":true}}]})");
    EXPECT_EQ(read<invocation_request>(encode(request)).steps[0].args->at(1).text(), "null");
}

TEST(encode, writes_json_whatever_bytes_a_text_holds) {
    operation op;
    op.id = "a\xFF\xC3(\xED\xA0\x80 ok \xC3\xA4\x1F\x7F";
    op.other_members.push_back({"\x80", {}});
    auto const written = encode(op);
    auto const again = read<operation>(written);
    EXPECT_EQ(again.id,
              "a\xEF\xBF\xBD\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD ok \xC3\xA4\x1F\x7F");
    EXPECT_EQ(again.other_members[0].name, "\xEF\xBF\xBD");
    EXPECT_EQ(again.other_members[0].value.text(), "null");
}

} // namespace
} // namespace bctrl::codec
