#include "transport/http1/exchange.hpp"

#include "base/parking.hpp"
#include "support/gzip.hpp"
#include "support/scripted_peer.hpp"
#include "support/strand_bench.hpp"
#include "transport/net/connect.hpp"

#include <boost/asio/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <semaphore>
#include <utility>

namespace bctrl::http1 {
namespace {

namespace asio = boost::asio;
using testing::peer_connection;
using testing::scripted_peer;

constexpr auto* get = "GET / HTTP/1.1\r\n\r\n";
constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string post(std::size_t size) {
    return "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'b');
}

class exchanges : public ::testing::Test {
protected:
    ~exchanges() override { bench.scope().destroy_all(); }

    std::unique_ptr<net::stream> dial(scripted_peer const& to) {
        auto made =
            bench.finish(net::connect(bench.runs_on(), {"127.0.0.1", to.port()}, stop, dialling));
        EXPECT_TRUE(made);
        return std::move(*made);
    }
    testing::pending<exchanged> begin(net::stream& on, std::string text, bool to_head = false) {
        return bench.start(
            exchange(on, std::move(text), to_head, exchange_limits{}, scratch, stop, told));
    }
    /// Exchanges `text` with a peer that plays `play`.
    exchanged ask(scripted_peer::script play, std::string text = get) {
        scripted_peer const server{{std::move(play)}};
        auto const stream = dial(server);
        return bench.finish(begin(*stream, std::move(text)));
    }

    testing::strand_bench bench;
    stop_signal stop;
    activity told;
    net::dial_progress dialling;
    std::vector<char> scratch = std::vector<char>(16'384);
};

failure const& error_of(exchanged const& done) {
    return done.answer.error().why;
}

TEST_F(exchanges, tell_how_far_they_are) {
    std::promise<void> read;
    std::promise<void> answer;
    std::promise<void> finish;
    scripted_peer const server{{[&](peer_connection& c) {
        read.get_future().wait();
        c.read_request();
        answer.get_future().wait();
        c.write(ok.substr(0, 20));
        finish.get_future().wait();
        c.write(ok.substr(20));
    }}};
    auto const stream = dial(server);
    told.enter(call_phase::queued, bench.runs_on().now());
    auto const reaches = [&](call_phase phase) {
        bench.run_until([&] { return told.phase() == phase; });
        EXPECT_EQ(told.since(), bench.runs_on().now());
        bench.time().advance(milliseconds{1});
    };
    // More than the buffers of both systems hold.
    auto const done = begin(*stream, post(32 << 20));
    reaches(call_phase::sending);
    read.set_value();
    reaches(call_phase::awaiting);
    answer.set_value();
    reaches(call_phase::reading);
    finish.set_value();
    EXPECT_TRUE(bench.finish(done).answer);
    EXPECT_GT(bench.live().bytes_sent, 32 << 20);
    EXPECT_EQ(bench.live().bytes_received, static_cast<std::int64_t>(ok.size()));
}

TEST_F(exchanges, carry_a_request_and_its_answer) {
    std::string seen;
    auto const done = ask([&](peer_connection& c) {
        seen = c.read_request();
        c.write(ok);
        c.read_to_end();
    });
    ASSERT_TRUE(done.answer);
    EXPECT_EQ(seen, get);
    EXPECT_EQ(done.answer->body, "ok");
    EXPECT_TRUE(done.reusable);
}

TEST_F(exchanges, follow_one_another_on_a_connection) {
    scripted_peer const server{{[](peer_connection& c) {
        for (int n = 0; n < 3; ++n) {
            c.read_request();
            c.write(ok);
        }
        c.read_to_end();
    }}};
    auto const stream = dial(server);
    for (int n = 0; n < 3; ++n)
        EXPECT_TRUE(bench.finish(begin(*stream, get)).reusable);
}

TEST_F(exchanges, read_answers_that_come_byte_by_byte) {
    auto const done = ask([](peer_connection& c) {
        c.socket().set_option(asio::ip::tcp::no_delay{true});
        c.read_request();
        for (char const byte : ok)
            c.write({&byte, 1});
        c.read_to_end();
    });
    ASSERT_TRUE(done.answer);
    EXPECT_EQ(done.answer->body, "ok");
}

TEST_F(exchanges, carry_large_bodies_through_small_buffers) {
    constexpr std::size_t size = 4 * 1024 * 1024;
    auto const done = ask(
        [](peer_connection& c) {
            c.socket().set_option(asio::socket_base::receive_buffer_size{32'768});
            c.socket().set_option(asio::socket_base::send_buffer_size{32'768});
            if (c.read_request() != post(size)) return;
            c.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n");
            c.write(std::string(size, 'a'));
            c.read_to_end();
        },
        post(size));
    ASSERT_TRUE(done.answer) << error_of(done).message;
    EXPECT_EQ(done.answer->body, std::string(size, 'a'));
    EXPECT_TRUE(done.reusable);
}

constexpr std::string_view too_large =
    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig";

TEST_F(exchanges, read_an_answer_that_comes_before_all_was_sent_from_a_peer_that_closes) {
    std::promise<void> finished;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_until("\r\n\r\n");
        c.write(too_large);
        c.socket().shutdown(asio::socket_base::shutdown_send);
        // Read any sooner all of the request might be sent before the answer is seen.
        finished.get_future().wait();
        c.read_to_end();
    }}};
    auto stream = dial(server);
    auto const done = bench.finish(begin(*stream, post(16 * 1024 * 1024)));
    finished.set_value();
    stream.reset();
    ASSERT_TRUE(done.answer) << error_of(done).message;
    EXPECT_EQ(done.answer->status, 413);
    EXPECT_EQ(done.answer->body, "big");
    EXPECT_FALSE(done.reusable);
}

TEST_F(exchanges, read_an_answer_from_a_peer_that_reads_no_further) {
    std::promise<void> finished;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_until("\r\n\r\n");
        c.write(too_large);
        finished.get_future().wait();
    }}};
    auto const stream = dial(server);
    auto const done = bench.finish(begin(*stream, post(16 * 1024 * 1024)));
    finished.set_value();
    ASSERT_TRUE(done.answer) << error_of(done).message;
    EXPECT_EQ(done.answer->status, 413);
    EXPECT_FALSE(done.reusable);
}

TEST_F(exchanges, know_that_nothing_was_sent_to_a_peer_that_is_gone) {
    // A reset that comes while the connection is still being opened would be a failed connect.
    std::promise<void> connected;
    scripted_peer const server{{[&](peer_connection& c) {
        connected.get_future().wait();
        c.reset();
    }}};
    auto const stream = dial(server);
    connected.set_value();
    char byte = 0;
    bench.run_until([&] {
        return stream->try_read({&byte, 1}).what != net::transfer::status::want_read;
    });
    for (int n = 0; n < 2; ++n) {
        auto const done = bench.finish(begin(*stream, get));
        ASSERT_FALSE(done.answer);
        EXPECT_EQ(error_of(done).code, errc::connection_lost);
        EXPECT_EQ(done.answer.error().progress, exchange_progress::unsent);
    }
}

TEST_F(exchanges, know_how_far_they_got) {
    auto const unanswered = ask([](peer_connection& c) { c.read_request(); });
    ASSERT_FALSE(unanswered.answer);
    EXPECT_EQ(error_of(unanswered).code, errc::connection_lost);
    EXPECT_EQ(unanswered.answer.error().progress, exchange_progress::sent);
    auto const cut = ask([](peer_connection& c) {
        c.read_request();
        c.write(ok.substr(0, ok.size() - 1));
    });
    ASSERT_FALSE(cut.answer);
    EXPECT_EQ(error_of(cut).code, errc::connection_lost);
    EXPECT_EQ(cut.answer.error().progress, exchange_progress::answered);
}

TEST_F(exchanges, notice_a_reset) {
    auto const done = ask([](peer_connection& c) {
        c.read_request();
        c.reset();
    });
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(error_of(done).code, errc::connection_lost);
    EXPECT_EQ(error_of(done).cause, asio::error::connection_reset);
}

TEST_F(exchanges, notice_what_is_no_answer) {
    auto const done = ask([](peer_connection& c) {
        c.read_request();
        c.write("SSH-2.0-OpenSSH_9.2\r\n");
        c.read_to_end();
    });
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(error_of(done).code, errc::malformed_response);
}

TEST_F(exchanges, decode_a_body) {
    auto const packed = testing::gzip("ok");
    auto const answer = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                        std::to_string(packed.size()) + "\r\n\r\n" + packed;
    auto const done = ask([&](peer_connection& c) {
        c.read_request();
        c.write(answer);
        c.read_to_end();
    });
    ASSERT_TRUE(done.answer);
    EXPECT_EQ(done.answer->body, "ok");
    EXPECT_TRUE(done.answer->headers.empty());
    EXPECT_TRUE(done.reusable);
}

TEST_F(exchanges, leave_the_connection_after_a_body_that_cannot_be_decoded) {
    auto const done = ask([](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok");
        c.read_to_end();
    });
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(error_of(done).code, errc::malformed_response);
    EXPECT_EQ(done.answer.error().progress, exchange_progress::answered);
    EXPECT_FALSE(done.reusable);
}

TEST_F(exchanges, decode_nothing_for_head) {
    scripted_peer const server{{[](peer_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n");
        c.read_to_end();
    }}};
    auto const stream = dial(server);
    auto const done = bench.finish(begin(*stream, "HEAD / HTTP/1.1\r\n\r\n", true));
    ASSERT_TRUE(done.answer);
    EXPECT_EQ(done.answer->header("content-encoding"), "gzip");
    EXPECT_TRUE(done.reusable);
}

TEST_F(exchanges, end_at_their_deadline_however_slowly_the_answer_comes) {
    constexpr std::string_view head = "HTTP/1.1 200 OK\r\nX: ";
    constexpr std::string_view body = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
    for (auto const begun : {std::string_view{}, head, body}) {
        std::counting_semaphore second{0};
        std::atomic<bool> over = false;
        scripted_peer const server{{[&](peer_connection& c) {
            c.read_request();
            c.write(begun);
            for (second.acquire(); !over; second.acquire())
                c.write("H");
        }}};
        auto const stream = dial(server);
        stop_signal own{stop};
        stop_at limit{own, stop_reason::deadline};
        limit.set(bench.runs_on(), later(bench.runs_on().now(), std::chrono::seconds{30}));
        auto const before = bench.live().bytes_received.load();
        auto const done = bench.start(
            exchange(*stream, std::string{get}, false, exchange_limits{}, scratch, own, told));
        // More of them would be noticed to be no answer.
        auto const most = begun.empty() ? 1 : 30;
        for (int passed = 0; passed < 30; ++passed) {
            EXPECT_FALSE(*done) << passed;
            auto const sent = std::min(passed + 1, most);
            if (passed < most) second.release();
            auto const expected = before + static_cast<std::int64_t>(begun.size()) + sent;
            bench.run_until([&] { return bench.live().bytes_received.load() == expected; });
            bench.time().advance(std::chrono::seconds{1});
            bench.settle();
        }
        over = true;
        second.release();
        ASSERT_TRUE(*done);
        EXPECT_EQ(error_of(**done).code, errc::deadline_exceeded);
        EXPECT_EQ(error_of(**done).message, "stopped while reading the answer");
        EXPECT_FALSE((*done)->reusable);
    }
}

TEST_F(exchanges, stop_while_they_wait_for_the_answer) {
    std::promise<void> closed;
    scripted_peer const server{{[&](peer_connection& c) {
        c.read_request();
        c.read_to_end();
        closed.set_value();
    }}};
    auto stream = dial(server);
    auto const done = begin(*stream, get);
    ASSERT_FALSE(*done);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*done);
    EXPECT_EQ(error_of(**done).code, asio::error::operation_aborted);
    EXPECT_EQ((*done)->answer.error().progress, exchange_progress::sent);
    EXPECT_FALSE((*done)->reusable);
    stream.reset();
    closed.get_future().wait();
}

TEST_F(exchanges, stop_while_they_send) {
    std::promise<void> finished;
    scripted_peer const server{{[&](peer_connection&) { finished.get_future().wait(); }}};
    auto const stream = dial(server);
    auto const done = begin(*stream, post(64 * 1024 * 1024));
    ASSERT_FALSE(*done);
    stop.request(stop_reason::deadline);
    bench.settle();
    finished.set_value();
    ASSERT_TRUE(*done);
    EXPECT_EQ(error_of(**done).code, errc::deadline_exceeded);
    EXPECT_EQ(error_of(**done).message, "stopped while sending the request");
}

TEST_F(exchanges, do_not_begin_when_stopped_before) {
    std::promise<std::string> seen;
    scripted_peer const server{{[&](peer_connection& c) { seen.set_value(c.read_request()); }}};
    auto stream = dial(server);
    stop.request(stop_reason::cancelled);
    auto const done = begin(*stream, get);
    ASSERT_TRUE(*done);
    stream.reset();
    EXPECT_EQ(seen.get_future().get(), "");
    EXPECT_EQ((*done)->answer.error().progress, exchange_progress::unsent);
}

TEST_F(exchanges, may_vanish_while_they_wait) {
    scripted_peer const server{{[](peer_connection& c) { c.read_to_end(); }}};
    auto stream = dial(server);
    auto const reading = begin(*stream, get);
    bench.scope().destroy_all();
    stream.reset();
    bench.settle();
    EXPECT_FALSE(*reading);
    EXPECT_EQ(bench.live().sockets, 0);
    EXPECT_EQ(bench.live().watches, 0);
}

} // namespace
} // namespace bctrl::http1
