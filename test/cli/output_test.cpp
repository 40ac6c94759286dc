// What the command prints, and where.

#include "command_fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

namespace bctrl::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

namespace json = boost::json;

class output : public command_test {
protected:
    static json::value recorded(std::string const& name) {
        return json::parse(read_file(BCTRL_TEST_DATA "/" + name));
    }

    static ended_process answered_with_document(std::string const& document, words arguments) {
        return answered_with(http_answer("200 OK", "application/json", document), arguments);
    }

    ended_process bctrl_into(int standard_output, std::string const& id) {
        auto start = command({"operations", "get", id});
        start.standard_output = standard_output;
        return run(start);
    }
};

TEST_F(output, json_is_the_document_as_it_came) {
    struct {
        char const* file;
        words arguments;
    } const documents[] = {
        {"operation-succeeded.json", {"--json", "operations", "get", "an-id"}},
        {"operation-failed.json", {"--json", "operations", "cancel", "an-id"}},
        {"operation-wait-finished.json", {"--json", "operations", "wait", "an-id"}},
        {"invocation-durable.json", {"--json", "invocations", "get", "an-id"}},
        {"commands-page.json", {"--json", "runs", "commands", "an-id"}},
        {"commands-page-last.json", {"--json", "runs", "commands", "an-id"}},
    };
    for (auto const& [file, arguments] : documents) {
        auto const text = read_file(BCTRL_TEST_DATA + std::string{"/"} + file);
        auto const ended = answered_with_document(text, arguments);
        EXPECT_THAT(ended, printed_with(0)) << file;
        EXPECT_EQ(json::parse(ended.out), recorded(file)) << file;
        EXPECT_EQ(ended.err, "") << file;
    }
}

TEST_F(output, json_keeps_unknown_members_and_big_numbers) {
    auto text = read_file(BCTRL_TEST_DATA "/operation-succeeded.json");
    text.replace(text.find('{'), 1,
                 R"({"newMember":{"count":123456789012345678901234567890,"list":[1.50]},)");
    auto const ended = answered_with_document(text, {"operations", "get", "an-id", "--json"});
    EXPECT_THAT(ended.out, HasSubstr("123456789012345678901234567890"));
    EXPECT_THAT(ended.out, HasSubstr("1.50"));
    EXPECT_EQ(json::parse(ended.out), json::parse(text));
}

TEST_F(output, json_of_a_wait_that_ran_out_of_time_tells_so) {
    auto const id = emulator_->create_operation(life_of(1h));
    // Time enough to connect on a slow machine: a wait that never had an answer has no document.
    auto const ended = bctrl({"operations", "wait", id, "--timeout", "2s", "--json"});
    ASSERT_THAT(ended, printed_with(124));
    auto const printed = json::parse(ended.out);
    EXPECT_EQ(printed.at("timedOutWaiting"), true);
    EXPECT_EQ(printed.at("operation").at("status"), "running");
}

TEST_F(output, a_summary_is_for_people) {
    auto const text = read_file(BCTRL_TEST_DATA "/operation-failed.json");
    auto const ended = answered_with_document(text, {"operations", "get", "an-id"});
    EXPECT_THAT(ended.out, StartsWith("operation c1f0a9a2-0b55-4f0e-8a5e-52d1f3a7d004: failed\n"));
    EXPECT_THAT(ended.out, HasSubstr("  fix  "));
    EXPECT_EQ(ended.err, "");
}

TEST_F(output, options_may_stand_before_and_behind_the_words) {
    auto const id = emulator_->create_operation(life_of(1h));
    auto const url = emulator_->base_url();
    auto const ca = emulator_.config().ca_file;
    for (auto const& arguments :
         {words{"--json", "--base-url", url, "--ca-file", ca, "operations", "get", id},
          words{"operations", "--json", "--base-url", url, "--ca-file", ca, "get", id},
          words{"operations", "get", id, "--json", "--base-url", url + "/v1/", "--ca-file", ca},
          words{"operations", "get", "--json", "--ca-file=" + ca, "--base-url=" + url, id}}) {
        auto const ended = run(command(arguments, "http://127.0.0.1:1"));
        ASSERT_THAT(ended, printed_with(0)) << testing::PrintToString(arguments);
        EXPECT_EQ(json::parse(ended.out).at("id"), json::value(id));
    }
}

TEST_F(output, the_base_url_is_read_from_either_variable) {
    auto const id = emulator_->create_operation(life_of(1h));
    auto start = command({"operations", "get", id});
    start.environment.erase("BCTRL_BASE_URL");
    start.environment["BCTRL_API_BASE_URL"] = emulator_->base_url();
    EXPECT_THAT(run(start), printed_with(0));
}

TEST_F(output, help_and_version_are_data) {
    for (auto const& arguments :
         {words{"--help"}, words{"operations", "wait", "--help"}, words{"--version"}}) {
        auto start = command(arguments);
        start.environment.clear();
        auto const ended = run(start);
        EXPECT_THAT(ended, printed_with(0));
        EXPECT_EQ(ended.err, "");
    }
    EXPECT_THAT(bctrl({"--version"}).out, StartsWith("bctrl 0."));
}

TEST_F(output, cancel_shows_what_the_request_made_of_the_operation) {
    auto const id = emulator_->create_operation(life_of(1h));
    auto const ended = bctrl({"operations", "cancel", id, "--json"});
    EXPECT_EQ(json::parse(ended.out).at("status"), "cancelling");
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_THAT(bctrl({"operations", "wait", id}), printed_with(1));
}

TEST_F(output, invocations_are_shown) {
    auto const id = emulator_->create_invocation(life_of(1h));
    EXPECT_THAT(bctrl({"invocations", "get", id}).out,
                StartsWith("invocation " + id + ": running\n"));
    EXPECT_EQ(json::parse(bctrl({"invocations", "get", id, "--json"}).out).at("id"),
              json::value(id));
}

TEST_F(output, a_reader_that_has_left_ends_it_quietly) {
    auto const id = emulator_->create_operation(life_of(1h));
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    descriptor const write_end{ends[1]};
    ::close(ends[0]);
    for (auto* const handler : {SIG_DFL, SIG_IGN}) {
        auto* const before = std::signal(SIGPIPE, handler);
        auto const ended = bctrl_into(write_end.number(), id);
        std::signal(SIGPIPE, before);
        EXPECT_EQ(ended.exit_code, 128 + SIGPIPE);
        EXPECT_EQ(ended.err, "");
    }
}

TEST_F(output, what_cannot_be_written_is_an_error) {
    auto const id = emulator_->create_operation(life_of(1h));
    descriptor const full{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
    EXPECT_THAT(bctrl_into(full.number(), id), refused_with(74));

    auto start = command({"--version"});
    start.closed_descriptor = STDOUT_FILENO;
    EXPECT_THAT(run(start), refused_with(74));
}

} // namespace
} // namespace bctrl::test
