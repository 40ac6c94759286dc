// What may befall a connection while nobody uses it, in the moment in which it is used again, and while a
// request is being sent: over real sockets.

#include "faulty_server.hpp"
#include "one_call.hpp"
#include "support/child_process.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <future>

namespace bctrl::test {
namespace {

using ::testing::HasSubstr;
using testing::peer_connection;

std::string json_answer(std::string const& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A good answer to any request.
std::string answer_to(std::string const& request) {
    auto const is_wait = request.find("/wait ") != std::string::npos;
    return json_answer(read_file(is_wait ? BCTRL_TEST_DATA "/operation-wait-finished.json"
                                         : BCTRL_TEST_DATA "/operation-succeeded.json"));
}

/// Answers requests until the connection ends.
void serve(peer_connection& c, std::atomic<int>& requests) {
    for (auto asked = c.read_request(); !asked.empty(); asked = c.read_request()) {
        ++requests;
        c.write(answer_to(asked));
    }
}

class kept_connections : public ::testing::TestWithParam<kind> {
protected:
    /// Serves one request on the first connection and then plays `then`; serves all on others.
    faulty_server::script well_once(std::function<void(peer_connection&)> then) {
        return [this, then = std::move(then)](peer_connection& c, int number) {
            if (number > 1) return serve(c, requests_);
            auto const asked = c.read_request();
            ++requests_;
            c.write(answer_to(asked));
            then(c);
        };
    }

    std::atomic<int> requests_{0};
    event_loop loop_;
};

/// Two calls, one behind the other; between them the client has no connection left.
asio::awaitable<ended> two_calls(client& with, kind which, bool let_it_end) {
    auto const first = co_await end_of(with, which, 20s);
    EXPECT_TRUE(first.well) << first.text;
    while (let_it_end && with.stats().sockets > 0)
        co_await asio::post(with.get_executor(), asio::use_awaitable);
    auto second = co_await end_of(with, which, 20s);
    co_await with.close(0ms);
    co_return second;
}

TEST_P(kept_connections, that_end_while_idle_harm_no_call) {
    auto const ends = {
        std::function<void(peer_connection&)>{[](peer_connection&) {}},
        std::function<void(peer_connection&)>{[](peer_connection& c) { c.reset(); }},
        std::function<void(peer_connection&)>{[](peer_connection& c) {
            c.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
            c.read_to_end();
        }},
    };
    for (auto const& each : ends) {
        requests_ = 0;
        faulty_server const server{well_once(each)};
        client made{loop_.executor(), config_of("http://" + server.address())};
        auto const second = loop_.run(two_calls(made, GetParam(), true));
        EXPECT_TRUE(second.well) << second.text;
        EXPECT_EQ(requests_, 2);
    }
}

TEST_P(kept_connections, that_end_when_they_are_used_again_harm_only_what_must_not_be_repeated) {
    faulty_server const server{well_once([this](peer_connection& c) {
        if (!c.read_request().empty()) ++requests_;
    })};
    client made{loop_.executor(), config_of("http://" + server.address())};
    auto const second = loop_.run(two_calls(made, GetParam(), false));
    if (GetParam() == kind::send) {
        EXPECT_EQ(second.code, errc::connection_lost);
        EXPECT_THAT(second.text, HasSubstr("may have carried the request out"));
        EXPECT_EQ(requests_, 2);
    } else {
        EXPECT_TRUE(second.well) << second.text;
        EXPECT_EQ(requests_, 3);
    }
}

INSTANTIATE_TEST_SUITE_P(all, kept_connections,
                         ::testing::Values(kind::get, kind::cancel, kind::wait, kind::send),
                         [](auto const& of) { return name_of(of.param); });

/// A request that no buffer of a system takes at once.
request large() {
    return request{"POST", "/v1/runs"}.body(
        *json_text::from("\"" + std::string(16 * 1024 * 1024, 'a') + "\""));
}

asio::awaitable<ended> send_large(client& with, std::chrono::milliseconds limit) {
    ended seen;
    auto what = large();
    call_options const options{.timeout = limit};
    try {
        co_await with.send(std::move(what), options);
        seen.well = true;
    } catch (request_error const& e) {
        seen.code = e.code();
        seen.text = e.what();
        seen.details = e.details();
    }
    co_await with.close(0ms);
    co_return seen;
}

class sending : public ::testing::Test {
protected:
    /// Sends what is large to a server that plays `then` when the first bytes have come.
    ended meet(std::function<void(peer_connection&)> const& then,
               std::chrono::milliseconds limit = 20s, std::promise<void>* over = nullptr) {
        faulty_server const server{[this, then](peer_connection& c, int) {
            ++connections_;
            c.socket().wait(peer_connection::socket_type::wait_read);
            then(c);
        }};
        client made{loop_.executor(), config_of("http://" + server.address())};
        auto seen = loop_.run(send_large(made, limit));
        if (over) over->set_value();
        return seen;
    }
    void expect_one_attempt(ended const& seen, errc code) const {
        EXPECT_EQ(seen.code, code) << seen.text;
        EXPECT_EQ(seen.details.attempts, 1U);
        EXPECT_EQ(connections_, 1);
        EXPECT_THAT(seen.text, HasSubstr("send POST at http://127.0.0.1:"));
        EXPECT_THAT(seen.text, HasSubstr("may have carried the request out"));
    }

    std::atomic<int> connections_{0};
    event_loop loop_;
};

TEST_F(sending, is_not_tried_again_after_a_reset) {
    expect_one_attempt(meet([](peer_connection& c) { c.reset(); }), errc::connection_lost);
}

TEST_F(sending, is_not_tried_again_after_an_end) {
    auto const seen = meet([](peer_connection& c) {
        c.socket().shutdown(peer_connection::socket_type::shutdown_send);
        c.read_to_end();
    });
    expect_one_attempt(seen, errc::connection_lost);
}

TEST_F(sending, is_not_tried_again_after_nonsense) {
    auto const seen = meet([](peer_connection& c) {
        c.write("\x01\x02 this is no HTTP\r\n\r\n");
        c.read_to_end();
    });
    expect_one_attempt(seen, errc::malformed_response);
}

TEST_F(sending, ends_at_its_deadline_when_nobody_reads) {
    // It closes its connection at the deadline, which the server is told by the test.
    std::promise<void> over;
    auto const stalls = [&over](peer_connection&) { over.get_future().wait(); };
    expect_one_attempt(meet(stalls, 300ms, &over), errc::deadline_exceeded);
}

} // namespace
} // namespace bctrl::test
