// A key that no output may hold, driven through every way to fail at servers that repeat it in every form.

#include "integration/canned_server.hpp"
#include "integration/client_fixture.hpp"
#include "secrets/provoke.hpp"
#include "secrets/traces.hpp"
#include "support/child_process.hpp"

#include <bctrl/testing/replies.hpp>
#include <bctrl/testing/simulation.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bctrl::test {
namespace {

/// Beyond the last enumerator of `errc`.
constexpr int end_of_codes = 200;

::testing::AssertionResult is_free_of_canary(std::string const& text) {
    auto const trace = trace_of(canary, text);
    if (trace.empty()) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "\"" << trace << "\" is in: " << text;
}

TEST(trace_of, finds_every_echo) {
    for (auto const& each : echoes_of(canary))
        EXPECT_FALSE(trace_of(canary, "a " + each + " b").empty()) << each;
    EXPECT_FALSE(trace_of(canary, "cut: CaNary_5d4").empty());
    EXPECT_TRUE(trace_of(canary, "The API key lacks a permission: ***.").empty());
}

class echoed : public ::testing::TestWithParam<std::string> {};

TEST_P(echoed, key_is_in_no_failure) {
    std::map<int, failed_call> all;
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    for (int n = 1; n < end_of_codes; ++n)
        if (auto seen = provoke(static_cast<errc>(n), GetParam())) all.emplace(n, std::move(*seen));
    auto const out = ::testing::internal::GetCapturedStdout();
    auto const err = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(out + err, "") << "the library prints nothing";
    EXPECT_GT(all.size(), 30U);
    for (auto const& [code, seen] : all) {
        EXPECT_EQ(seen.code, static_cast<errc>(code)) << seen.said;
        EXPECT_TRUE(is_free_of_canary(seen.said)) << seen.code.message();
    }
}

std::vector<asking> every_call() {
    return {[](client& c) -> asio::awaitable<void> { co_await c.operations().get("op_1"); },
            [](client& c) -> asio::awaitable<void> { co_await c.operations().wait("op_1"); },
            [](client& c) -> asio::awaitable<void> { co_await c.operations().cancel("op_1"); },
            [](client& c) -> asio::awaitable<void> { co_await c.invocations().get("inv_1"); },
            [](client& c) -> asio::awaitable<void> { co_await c.runs().commands("run_1", {}); },
            [](client& c) -> asio::awaitable<void> {
                request what{"POST", "/v1/runs"};
                co_await c.send(std::move(what));
            }};
}

TEST_P(echoed, key_is_in_the_failure_of_no_call_whatever_the_body) {
    struct content {
        char const* type;
        std::string body;
    };
    std::vector<content> const contents{
        {"application/json", echoing_body},
        {"application/json", R"({"error":{"message":"@","code":"@","details":"@","hint":"@"}})"},
        {"application/json", R"("@")"},
        {"application/problem+json", R"({"message":"no: @"})"},
        {"text/plain", "@"},
        {"text/html", "<!doctype html><title>@</title>"},
        {"text/plain", std::string(280, 'x') + "@"},
        {"application/json", R"({"error":")" + std::string(1'985, 'x') + R"(@"})"},
    };
    for (auto const& each : contents) {
        canned_server const server{echoing_answer("403 @", each.type, each.body, GetParam())};
        for (auto const& ask : every_call()) {
            auto const seen = fail_with(config_with_canary(server.base_url()), ask);
            EXPECT_EQ(seen.code, errc::permission_denied);
            EXPECT_TRUE(is_free_of_canary(seen.said)) << each.type;
        }
    }
}

TEST_P(echoed, key_is_in_no_explanation) {
    testing::simulation world;
    auto config = config_with_canary("https://" + std::string{canary} + ".example");
    config.retry.attempts = 9;
    auto with = world.make_client(config);
    world.server().then(
        testing::refusal(503, "you sent " + GetParam(), GetParam(), {{"X-Request-Id", GetParam()}}),
        9);
    with.operations().get(std::string{canary}, [](error_code, operation const&) {});
    with.operations().wait(GetParam(), [](error_code, operation_wait_result const&) {});
    with.send(request{"GET", "/v1/" + std::string{canary}}, [](error_code, response const&) {});
    with.send(request{std::string{canary}, "/v1/x"}, [](error_code, response const&) {});
    world.pass(10ms);
    std::string text;
    std::string json;
    with.explain([&](error_code, explanation const& seen) {
        text = to_text(seen);
        json = to_json(seen);
    });
    world.pass(0ms);
    EXPECT_NE(json.find("\"lastError\""), std::string::npos) << json;
    EXPECT_TRUE(is_free_of_canary(text));
    EXPECT_TRUE(is_free_of_canary(json));
}

TEST_P(echoed, key_is_in_no_output_of_the_command) {
    std::vector<std::vector<std::string>> const asked{{"operations", "get", "op_1"},
                                                      {"operations", "get", "op_1", "--json"},
                                                      {"operations", "wait", std::string{canary}},
                                                      {"runs", "commands", "run_1"}};
    for (auto const* status : {"401 @", "302 @", "404 @"}) {
        canned_server const server{
            echoing_answer(status, "application/json", echoing_body, GetParam())};
        for (auto words : asked) {
            words.insert(words.begin(), BCTRL_COMMAND);
            auto const ended =
                run_program({.words = std::move(words),
                             .environment = {{"BCTRL_API_KEY", std::string{canary}},
                                             {"BCTRL_BASE_URL", server.base_url()}}});
            EXPECT_NE(ended.exit_code, 0);
            EXPECT_FALSE(ended.err.empty());
            EXPECT_TRUE(is_free_of_canary(ended.out + ended.err));
        }
    }
}

std::string name_of(::testing::TestParamInfo<std::string> const& each) {
    return "in_form_" + std::to_string(each.index);
}

INSTANTIATE_TEST_SUITE_P(of, echoed, ::testing::ValuesIn(echoes_of(canary)), &name_of);

/// What it logs is what it was asked for, and not by whom.
TEST(emulator, logs_no_key) {
    child_process emulator{{.words = {BCTRL_EMULATOR_PROGRAM, "--port", "0", "--verbose",
                                      "--api-key", std::string{canary}}}};
    auto const said = [&] { return emulator.out() + emulator.err(); };
    auto const listening = [&] { return said().find("http://127.0.0.1:"); };
    while (listening() == std::string::npos && !emulator.has_ended())
        std::this_thread::yield();
    auto const text = said();
    auto const at = listening();
    auto const url = text.substr(at, text.find_first_of(" \n/", at + 7) - at);
    auto config = config_with_canary(url);
    auto const get = [](client& c) -> asio::awaitable<void> {
        co_await c.operations().get("op_1");
    };
    EXPECT_EQ(fail_with(config, get).code, errc::not_found);
    config.key = api_key{"wrong_" + std::string{canary}};
    EXPECT_EQ(fail_with(config, get).code, errc::unauthenticated);
    emulator.signal(SIGTERM);
    auto const ended = emulator.wait();
    EXPECT_NE(ended.err.find("/v1/operations/op_1"), std::string::npos) << ended.err;
    EXPECT_TRUE(is_free_of_canary(ended.out + ended.err));
}

} // namespace
} // namespace bctrl::test
