// Every exit code of the command, as scripts see it.

#include "command_fixture.hpp"

#include "cli/exit_code.hpp"

#include <boost/asio/error.hpp>

namespace bctrl::test {
namespace {

using testing::HasSubstr;

class exit_code : public command_test {
protected:
    std::string operation_that_ends(emulator::ending end) {
        auto script = life_of(20ms);
        script.end = end;
        return emulator_->create_operation(script);
    }
};

TEST_F(exit_code, is_0_for_whatever_was_read) {
    auto const id = operation_that_ends(emulator::ending::failed);
    EXPECT_THAT(bctrl({"operations", "get", id}), printed_with(0));
}

TEST_F(exit_code, is_0_when_the_operation_succeeded) {
    auto const id = operation_that_ends(emulator::ending::succeeded);
    EXPECT_THAT(bctrl({"operations", "wait", id}), printed_with(0));
}

TEST_F(exit_code, is_1_when_the_operation_ended_otherwise) {
    for (auto const end :
         {emulator::ending::failed, emulator::ending::timed_out, emulator::ending::cancelled}) {
        auto const id = operation_that_ends(end);
        EXPECT_THAT(bctrl({"operations", "wait", id}), printed_with(1));
    }
}

TEST_F(exit_code, is_2_for_a_mistake_in_the_command_line) {
    std::vector<words> const mistakes{
        {},
        {"operations"},
        {"operations", "get"},
        {"operations", "get", ""},
        {"operations", "get", "an-id", "another-id"},
        {"operations", "list", "an-id"},
        {"operations", "get", "an-id", "--timeout", "5s"},
        {"operations", "wait", "an-id", "--timeout", "5"},
        {"operations", "wait", "an-id", "--timeout", "0s"},
        {"operations", "wait", "an-id", "--timeout", "-5s"},
        {"operations", "wait", "an-id", "--timeout", "soon"},
        {"operations", "get", "an-id", "--ca-file", "/nonexistent"},
        {"--unknown-option"},
        {"--unknown-option", "operations", "get", "an-id"},
        {"runs", "commands", "an-id", "--limit", "many"},
        {"runs", "commands", "an-id", "--order", "sideways"},
        {"--base-url", "ftp://127.0.0.1", "operations", "get", "an-id"},
        {"--base-url", "not a URL", "operations", "get", "an-id"},
        {"--base-url", "http://api.example.com", "operations", "get", "an-id"},
    };
    for (auto const& each : mistakes)
        EXPECT_THAT(bctrl(each), refused_with(2)) << testing::PrintToString(each);
    EXPECT_EQ(emulator_->stats().requests, 0U);
}

TEST_F(exit_code, is_3_when_the_api_refuses_the_call) {
    auto const body = R"({"error":"Not now.","code":"some.code","requestId":"req_1"})";
    for (auto const* status :
         {"400 Bad Request", "409 Conflict", "422 Unprocessable", "501 Not Implemented",
          "429 Too Many Requests\r\nRetry-After: 3600", "402 Payment Required"}) {
        auto const answer = http_answer(status, "application/json", body);
        auto const ended = answered_with(answer, {"operations", "cancel", "an-id"});
        EXPECT_THAT(ended, refused_with(3)) << status;
        EXPECT_THAT(ended.err, HasSubstr("Not now"));
    }
}

TEST_F(exit_code, is_4_for_a_key_that_is_missing_wrong_or_not_enough) {
    for (auto const* wrong : {"", "another-key", "a\nbroken key"}) {
        auto start = command({"operations", "get", "an-id"});
        start.environment["BCTRL_API_KEY"] = wrong;
        EXPECT_THAT(run(start), refused_with(4)) << wrong;
    }
    auto const answer = http_answer("403 Forbidden", "application/json", "{}");
    EXPECT_THAT(answered_with(answer, {"operations", "get", "an-id"}), refused_with(4));
}

TEST_F(exit_code, is_5_for_what_is_not_there) {
    EXPECT_THAT(bctrl({"operations", "get", "no-such-id"}), refused_with(5));
    EXPECT_THAT(bctrl({"operations", "wait", "no-such-id"}), refused_with(5));
    EXPECT_THAT(bctrl({"operations", "cancel", "../?#"}), refused_with(5));
    EXPECT_THAT(bctrl({"operations", "get", "--", "--no-such-id"}), refused_with(5));
    EXPECT_THAT(bctrl({"invocations", "get", "no-such-id"}), refused_with(5));
    EXPECT_THAT(bctrl({"runs", "commands", "no-such-id"}), refused_with(5));
    EXPECT_THAT(bctrl({"runs", "commands", "no-such-id", "--all"}), refused_with(5));
}

TEST_F(exit_code, is_6_when_nobody_listens) {
    std::string url;
    {
        canned_server const gone{""};
        url = gone.base_url();
    }
    EXPECT_THAT(run(command({"operations", "get", "an-id"}, url)), refused_with(6));
}

TEST_F(exit_code, is_6_for_a_server_that_cannot_be_trusted) {
    temporary_path const other{".pem"};
    emulator::certificate_authority{}.write_ca(other.path());
    auto const start =
        command({"operations", "get", "an-id", "--ca-file", other.string()}, emulator_->base_url());
    auto const ended = run(start);
    EXPECT_THAT(ended, refused_with(6));
    EXPECT_THAT(ended.err, HasSubstr("certificate"));
    EXPECT_EQ(emulator_->stats().requests, 0U);
}

TEST_F(exit_code, is_6_for_an_answer_that_makes_no_sense) {
    auto const* const page = "<!doctype html><title>Welcome to the hotel</title>";
    for (auto const& answer : {http_answer("200 OK", "text/html", page),
                               http_answer("200 OK", "application/json", R"({"id": )"),
                               http_answer("200 OK", "application/json", R"({"id": "x"})"),
                               http_answer("302 Found\r\nLocation: /", "text/plain", ""),
                               std::string{"220 mail.example.com ESMTP\r\n\r\n"}}) {
        EXPECT_THAT(answered_with(answer, {"operations", "get", "an-id"}), refused_with(6))
            << answer;
    }
}

TEST_F(exit_code, is_124_when_the_time_for_waiting_has_passed) {
    auto const id = emulator_->create_operation(life_of(1h));
    auto const ended = bctrl({"operations", "wait", id, "--timeout", "2s"});
    EXPECT_THAT(ended, printed_with(124));
    EXPECT_THAT(ended.err, HasSubstr("has not ended"));
    EXPECT_FALSE(emulator_->ended_at(id));
}

TEST_F(exit_code, is_124_when_it_passed_before_any_answer_came) {
    std::string url;
    {
        canned_server const gone{""};
        url = gone.base_url();
    }
    auto const start = command({"operations", "wait", "an-id", "--timeout", "100ms"}, url);
    EXPECT_THAT(run(start), refused_with(124));
}

TEST(exit_code_of, every_error) {
    using namespace bctrl::cli;
    EXPECT_EQ(exit_code_of(errc::deadline_exceeded, true), exit_still_running);
    EXPECT_EQ(exit_code_of(errc::deadline_exceeded, false), exit_network);
    EXPECT_EQ(exit_code_of(boost::asio::error::operation_aborted, false), exit_interrupted);
    EXPECT_EQ(exit_code_of(errc::gone, false), exit_not_found);
    EXPECT_EQ(exit_code_of(errc::server_error, false), exit_api_error);
    EXPECT_EQ(exit_code_of(errc::lost_contact, false), exit_network);
    EXPECT_EQ(exit_code_of(errc::too_many_descriptors, false), exit_network);
    EXPECT_EQ(exit_code_of(errc::queue_full, false), exit_network);
    EXPECT_EQ(exit_code_of(errc::queue_timeout, false), exit_network);
    EXPECT_EQ(exit_code_of(errc::cursor_repeated, false), exit_network);
    EXPECT_EQ(exit_code_of(errc::internal, false), exit_internal);
}

} // namespace
} // namespace bctrl::test
