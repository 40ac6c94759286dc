// The library and the command against a server that nobody here wrote: nginx, over TLS.

#include "nginx_server.hpp"

#include <bctrl/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <gmock/gmock.h>

#include <sstream>
#include <vector>

namespace bctrl::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

class nginx : public testing::Test {
protected:
    client_config config() const {
        client_config made;
        made.key = api_key{emulator_key};
        made.base_url = server_.base_url();
        made.ca_file = server_.ca_file();
        return made;
    }

    ended_process bctrl(std::vector<std::string> words) const {
        words.insert(words.begin(), BCTRL_COMMAND);
        words.insert(words.end(), {"--json", "--ca-file", server_.ca_file()});
        return run_program({.words = words,
                            .environment = {{"BCTRL_API_KEY", emulator_key},
                                            {"BCTRL_BASE_URL", server_.base_url()}}});
    }

    /// Stops nginx and returns its log, a line each.
    std::vector<std::string> log() {
        std::istringstream text{server_.stop()};
        std::vector<std::string> lines;
        for (std::string line; std::getline(text, line);)
            lines.push_back(line);
        return lines;
    }

    static operation recorded_operation() {
        return from_json<operation>(read_file(BCTRL_TEST_DATA "/operation-succeeded.json"));
    }
    static operation_wait_result recorded_wait() {
        return from_json<operation_wait_result>(
            read_file(BCTRL_TEST_DATA "/operation-wait-finished.json"));
    }

    nginx_server server_;
    event_loop loop_;
};

asio::awaitable<int> get_often(client_config config, int times, operation expected) {
    client from{co_await asio::this_coro::executor, config};
    int right = 0;
    for (int i = 0; i < times; ++i) {
        auto const found = co_await from.operations().get("operation-" + std::to_string(i));
        right += found == expected ? 1 : 0;
    }
    co_await from.close(0ms);
    co_return right;
}

TEST_F(nginx, two_hundred_gets_share_one_connection) {
    EXPECT_EQ(loop_.run(get_often(config(), 200, recorded_operation())), 200);
    auto const lines = log();
    ASSERT_THAT(lines, SizeIs(200));
    auto const connection = lines.front().substr(0, lines.front().find(' '));
    EXPECT_THAT(lines, Each(StartsWith(connection + " TLSv1.3 200 GET /v1/operations/operation-")));
    EXPECT_THAT(lines, Each(EndsWith(" gzip")));
}

asio::awaitable<operation_wait_result> wait_and_close(client_config config) {
    client from{co_await asio::this_coro::executor, config};
    auto seen = co_await from.operations().wait("an-id");
    co_await from.close(0ms);
    co_return seen;
}

TEST_F(nginx, a_wait_ends_with_the_recorded_answer) {
    EXPECT_EQ(loop_.run(wait_and_close(config())), recorded_wait());
    EXPECT_THAT(log(), Each(AllOf(HasSubstr("TLSv1.3 200 POST /v1/operations/an-id/wait"),
                                  EndsWith(" gzip"))));
}

TEST_F(nginx, the_command_gets_and_waits) {
    namespace json = boost::json;
    auto const got = bctrl({"operations", "get", "an-id"});
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_EQ(json::parse(got.out),
              json::parse(read_file(BCTRL_TEST_DATA "/operation-succeeded.json")));

    auto const waited = bctrl({"operations", "wait", "an-id"});
    EXPECT_EQ(waited.exit_code, 0) << waited.err;
    EXPECT_EQ(json::parse(waited.out),
              json::parse(read_file(BCTRL_TEST_DATA "/operation-wait-finished.json")));
}

TEST_F(nginx, its_own_error_page_is_readable) {
    auto const refused = bctrl({"invocations", "get", "an-id"});
    EXPECT_EQ(refused.exit_code, 5);
    EXPECT_THAT(refused.err, HasSubstr("404 Not Found"));
}

} // namespace
} // namespace bctrl::test
