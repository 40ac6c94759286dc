#include <bctrl/client.hpp>

#include "codec/codec.hpp"
#include "support/scripted_peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string http(int status, std::string const& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " X\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

command example_command() {
    std::ifstream file{BCTRL_TEST_DATA "/invocation-inline.json"};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    return *codec::decode<command>(text);
}

/// A page of commands with these ids; an empty cursor is none.
std::string page(std::vector<std::string> const& ids, std::string const& next) {
    command_page made;
    for (auto const& id : ids)
        made.commands.emplace_back(example_command()).id = id;
    if (!next.empty()) made.next_cursor = next;
    return http(200, codec::encode(made));
}

/// Takes what is left, by id.
asio::awaitable<std::vector<std::string>> rest_of(command_pager& pager) {
    std::vector<std::string> ids;
    while (true) {
        auto next = co_await pager.next();
        if (!next) co_return ids;
        ids.push_back(next->id);
    }
}

class pagers : public ::testing::Test {
protected:
    /// Runs `work` against a server that gives these answers, one after the other.
    void run(std::vector<std::string> const& answers, asio::awaitable<void> (*work)(client&)) {
        testing::scripted_peer server{{[&](testing::peer_connection& c) {
            for (auto const& each : answers) {
                auto const request = c.read_request();
                if (request.empty()) return;
                lines.push_back(request.substr(0, request.find(" HTTP/1.1")));
                c.write(each);
            }
            c.read_to_end();
        }}};
        asio::io_context context;
        client_config config;
        config.key = api_key{"bctrl_test_key"};
        config.base_url = "http://127.0.0.1:" + std::to_string(server.port());
        config.retry.attempts = 1;
        client made{context.get_executor(), config};
        asio::co_spawn(context, work(made), [&](std::exception_ptr failed) {
            made.abandon();
            if (failed) std::rethrow_exception(failed);
        });
        context.run();
    }

    std::vector<std::string> lines; ///< of the requests
};

TEST_F(pagers, ask_for_nothing_before_it_is_needed) {
    run({page({"a", "b"}, "c2"), page({"c"}, "")}, [](client& api) -> asio::awaitable<void> {
        auto pager = api.runs().all_commands("run_1");
        EXPECT_EQ(api.stats().requests, 0);
        auto const first = co_await pager.next();
        EXPECT_EQ(first->id, "a");
        auto const second = co_await pager.next();
        EXPECT_EQ(second->id, "b");
        EXPECT_EQ(api.stats().requests, 1);
        auto const third = co_await pager.next();
        EXPECT_EQ(third->id, "c");
        EXPECT_EQ(api.stats().requests, 2);
        for (int n = 0; n < 3; ++n) {
            auto const none = co_await pager.next();
            EXPECT_FALSE(none);
        }
        EXPECT_EQ(api.stats().requests, 2);
    });
    EXPECT_THAT(
        lines, ElementsAre("GET /v1/runs/run_1/commands", "GET /v1/runs/run_1/commands?cursor=c2"));
}

TEST_F(pagers, follow_empty_pages) {
    run({page({}, "c2"), page({}, "c3"), page({"a"}, "c4"), page({}, "")},
        [](client& api) -> asio::awaitable<void> {
            auto pager = api.runs().all_commands("run_1");
            auto const ids = co_await rest_of(pager);
            EXPECT_THAT(ids, ElementsAre("a"));
        });
    EXPECT_EQ(lines.size(), 4U);
}

TEST_F(pagers, end_at_once_when_there_is_nothing) {
    run({page({}, "")}, [](client& api) -> asio::awaitable<void> {
        auto pager = api.runs().all_commands("run_1");
        auto const none = co_await pager.next();
        EXPECT_FALSE(none);
    });
}

TEST_F(pagers, keep_the_query_from_page_to_page) {
    run({page({"a"}, "c&2"), page({"b"}, "")}, [](client& api) -> asio::awaitable<void> {
        commands_query query;
        query.limit(1).status("failed").cursor("c1");
        auto pager = api.runs().all_commands("run_1", query);
        auto const ids = co_await rest_of(pager);
        EXPECT_THAT(ids, ElementsAre("a", "b"));
    });
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_THAT(lines[0], HasSubstr("cursor=c1"));
    for (auto const& line : lines) {
        EXPECT_THAT(line, HasSubstr("limit=1"));
        EXPECT_THAT(line, HasSubstr("status=failed"));
    }
    EXPECT_THAT(lines[1], HasSubstr("cursor=c%262"));
}

/// What the next call of a pager ends with.
asio::awaitable<error_code> error_of_next(command_pager& pager) {
    try {
        (void)co_await pager.next();
    } catch (request_error const& e) {
        co_return e.code();
    }
    co_return error_code{};
}

TEST_F(pagers, do_not_go_round_in_circles) {
    run({page({"a"}, "c2"), page({"b"}, "c3"), page({"c"}, "c2"), page({"c"}, "c2")},
        [](client& api) -> asio::awaitable<void> {
            auto pager = api.runs().all_commands("run_1");
            (void)co_await pager.next();
            (void)co_await pager.next();
            auto const first = co_await error_of_next(pager);
            EXPECT_EQ(first, errc::cursor_repeated);
            auto const again = co_await error_of_next(pager);
            EXPECT_EQ(again, errc::cursor_repeated);
        });
}

TEST_F(pagers, notice_a_page_that_names_itself) {
    run({page({"a"}, "c1")}, [](client& api) -> asio::awaitable<void> {
        commands_query query;
        query.cursor("c1");
        auto pager = api.runs().all_commands("run_1", query);
        auto const code = co_await error_of_next(pager);
        EXPECT_EQ(code, errc::cursor_repeated);
    });
}

TEST_F(pagers, read_the_same_page_again_after_an_error) {
    run({page({"a"}, "c2"), http(503, "{}"), http(500, "{}"), page({"b"}, "")},
        [](client& api) -> asio::awaitable<void> {
            auto pager = api.runs().all_commands("run_1");
            (void)co_await pager.next();
            for (int n = 0; n < 2; ++n) {
                auto const code = co_await error_of_next(pager);
                EXPECT_EQ(code, errc::server_error);
            }
            auto const ids = co_await rest_of(pager);
            EXPECT_THAT(ids, ElementsAre("b"));
        });
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[1], lines[3]);
}

TEST_F(pagers, need_an_id) {
    run({}, [](client& api) -> asio::awaitable<void> {
        auto pager = api.runs().all_commands("");
        auto const code = co_await error_of_next(pager);
        EXPECT_EQ(code, errc::invalid_argument);
        EXPECT_EQ(api.stats().requests, 0);
    });
}

} // namespace
} // namespace bctrl
