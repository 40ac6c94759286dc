#include "codec/codec.hpp"
#include "codec/error_body.hpp"
#include "json_compare.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

namespace bctrl::codec {
namespace {

using namespace std::chrono_literals;

/// Decodes, encodes, compares, and cuts the text short at every byte.
template <class T>
void expect_faithful(std::string const& text) {
    auto const read = decode<T>(text);
    ASSERT_TRUE(read) << read.error().path << ' ' << read.error().message;
    auto const written = encode(*read);
    EXPECT_TRUE(same_json(text, written));
    auto const again = decode<T>(written);
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, *read);

    auto const end = text.find_last_not_of(" \r\n");
    for (std::size_t length = 0; length <= end; ++length) {
        // A copy of its own, so that a sanitizer sees a read beyond the end.
        std::string const cut{text.data(), length};
        auto const failed = decode<T>(cut);
        ASSERT_FALSE(failed) << "cut at byte " << length;
        EXPECT_EQ(failed.error().kind, errc::malformed_json) << "cut at byte " << length;
        EXPECT_EQ(failed.error().path.front(), '$');
    }
}

struct example {
    std::string file;
    void (*check)(std::string const&);
};

std::vector<example> const examples{
    {"commands-page-last.json", expect_faithful<command_page>},
    {"commands-page.json", expect_faithful<command_page>},
    {"error-not-found.json", expect_faithful<error_body>},
    {"invocation-durable.json", expect_faithful<invocation>},
    {"invocation-inline.json", expect_faithful<invocation>},
    {"operation-cancelled.json", expect_faithful<operation>},
    {"operation-failed.json", expect_faithful<operation>},
    {"operation-queued-minimal.json", expect_faithful<operation>},
    {"operation-running.json", expect_faithful<operation>},
    {"operation-succeeded.json", expect_faithful<operation>},
    {"operation-timed-out.json", expect_faithful<operation>},
    {"operation-wait-finished.json", expect_faithful<operation_wait_result>},
    {"operation-wait-still-running.json", expect_faithful<operation_wait_result>},
};

TEST(examples, are_all_checked) {
    std::set<std::string> checked;
    for (auto const& known : examples)
        checked.insert(known.file);
    for (auto const& entry : std::filesystem::directory_iterator{BCTRL_TEST_DATA}) {
        auto const name = entry.path().filename().string();
        if (entry.path().extension() != ".json") continue;
        EXPECT_TRUE(checked.contains(name)) << name;
    }
}

class every_example : public testing::TestWithParam<example> {};

TEST_P(every_example, decodes_and_encodes_back) {
    GetParam().check(read_test_file(GetParam().file));
}

INSTANTIATE_TEST_SUITE_P(examples, every_example, testing::ValuesIn(examples));

template <class T>
T read_example(std::string_view file) {
    auto read = decode<T>(read_test_file(file));
    EXPECT_TRUE(read);
    return *std::move(read);
}

TEST(examples, succeeded_operation_in_full) {
    auto const op = read_example<operation>("operation-succeeded.json");
    EXPECT_EQ(op.id, "c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d003");
    EXPECT_EQ(op.status, durable_status::succeeded);
    EXPECT_EQ(op.workspace_id, "7d6f0c7e-3a0b-4f6e-9c55-1b5b8a0f2c10");
    EXPECT_EQ(op.runtime, "main");
    EXPECT_EQ(op.runtime_id, "0b9e2f64-8f1d-4b7c-a1de-6f4f0f9d3e21");
    EXPECT_EQ(op.runtime_kind, runtime_kind::browser);
    EXPECT_EQ(op.created_at.text(), "2026-04-02T09:20:01.000Z");
    EXPECT_EQ(*op.started_at->time() - *op.created_at.time(), 350ms);
    EXPECT_TRUE(op.cancel_requested_at.is_null());
    EXPECT_TRUE(op.current_call.is_null());
    EXPECT_TRUE(op.error.is_null());
    EXPECT_EQ(op.progress->step, 4);
    EXPECT_EQ(op.progress->total_steps, 4);
    EXPECT_FALSE(op.progress->message);

    ASSERT_TRUE(op.result);
    EXPECT_EQ(op.result->mode, step_mode::fail_fast);
    EXPECT_TRUE(op.result->ok);
    EXPECT_EQ(op.result->runtime, "main");
    ASSERT_EQ(op.result->steps.size(), 4u);
    auto const& first = op.result->steps[0];
    EXPECT_EQ(first.index, 0);
    EXPECT_TRUE(first.ok);
    EXPECT_EQ(first.call, "context.newPage");
    ASSERT_TRUE(first.resolved);
    EXPECT_FALSE(first.resolved->page_id);
    EXPECT_EQ(first.resolved->context_id, "ctx_1");
    EXPECT_EQ(first.resolved->session_id, "sess_4kq81");
    EXPECT_EQ(first.result.text(), R"({"pageId":"page_2"})");
    ASSERT_TRUE(first.binding);
    EXPECT_EQ(first.binding->alias, "shop");
    EXPECT_EQ(first.binding->type, binding_type::page);
    EXPECT_EQ(op.result->steps[2].result.text(), "null");
    EXPECT_EQ(op.result->steps[3].result.text(),
              "[{\"name\":\"Br\xC3\xB6tchen \xE2\x80\x93 6 St\xC3\xBC"
              "ck\",\"price\":3.75,"
              "\"sku\":9007199254740991},{\"name\":\"\xE8\x8C\xB6\",\"price\":-0.5,\"sku\":null}]");
    for (auto const& step : op.result->steps)
        EXPECT_FALSE(step.error);
}

TEST(examples, failed_operation_tells_how_to_mend_it) {
    auto const op = read_example<operation>("operation-failed.json");
    EXPECT_EQ(op.error->code, "STEP_FAILED");
    EXPECT_EQ(op.error->details.text(), R"({"stepIndex":1,"call":"page.clik"})");
    ASSERT_EQ(op.result->steps.size(), 2u);
    auto const& failed = op.result->steps[1];
    ASSERT_TRUE(failed.error);
    EXPECT_FALSE(failed.resolved);
    EXPECT_TRUE(failed.result.empty());
    EXPECT_EQ(failed.error->code, operation_step_error_code::unknown_call);
    EXPECT_EQ(failed.error->hint, "Did you mean page.click?");
    auto const& diagnostic = *failed.error->diagnostic;
    EXPECT_EQ(diagnostic.category, diagnostic_category::semantic);
    EXPECT_EQ(diagnostic.closest, (std::vector<std::string>{"page.click", "page.check"}));
    ASSERT_EQ(diagnostic.fixes->size(), 2u);
    EXPECT_EQ(diagnostic.fixes->at(0).example, R"({"call":"page.click","args":["#buy"]})");
    EXPECT_EQ(diagnostic.fixes->at(1).command, "bctrl help calls");
}

TEST(examples, wait_result_says_whether_time_ran_out) {
    EXPECT_TRUE(
        read_example<operation_wait_result>("operation-wait-still-running.json").timed_out_waiting);
    EXPECT_FALSE(
        read_example<operation_wait_result>("operation-wait-finished.json").timed_out_waiting);
}

TEST(examples, commands_page_keeps_absent_and_null_apart) {
    auto const page = read_example<command_page>("commands-page.json");
    ASSERT_EQ(page.commands.size(), 4u);
    EXPECT_EQ(page.next_cursor, "eyJzIjoxMH0=");
    EXPECT_EQ(page.commands[0].duration_ms, 71550);
    EXPECT_EQ(page.commands[0].metadata->text(), R"({"customer":"acme","attempt":1})");
    EXPECT_EQ(page.commands[0].request->steps[0].options->timeout_ms, 60000);
    EXPECT_EQ(page.commands[0].request->steps[1].args->size(), 0u);
    EXPECT_TRUE(page.commands[1].metadata.is_null());
    EXPECT_TRUE(page.commands[2].duration_ms.is_null());
    EXPECT_TRUE(page.commands[3].duration_ms.is_absent());
    EXPECT_EQ(page.commands[3].status, durable_status::dispatching);
    EXPECT_FALSE(read_example<command_page>("commands-page-last.json").next_cursor);
}

} // namespace
} // namespace bctrl::codec
