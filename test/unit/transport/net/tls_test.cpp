#include "support/ca_file.hpp"
#include "support/strand_bench.hpp"
#include "support/tls_peer.hpp"
#include "transport/http1/exchange.hpp"
#include "transport/net/connect.hpp"

#include <boost/asio/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bctrl::net {
namespace {

using emulator::certificate_authority;
using emulator::certificate_request;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using testing::scripted_peer;
using testing::tls_connection;
using testing::tls_peer;

constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

certificate_authority const& trusted() {
    static certificate_authority const authority;
    return authority;
}

void answer(tls_connection& c) {
    c.read_until("\r\n\r\n");
    c.write(ok);
    c.read();
}

class tls : public ::testing::Test {
protected:
    ~tls() override { bench.scope().destroy_all(); }

    outcome<std::unique_ptr<stream>, failure> dial(scripted_peer const& to,
                                                   std::string const& host = "localhost") {
        return bench.finish(
            connect(bench.runs_on(), {host, to.port(), context->get()}, stop, dialling));
    }
    /// What the error of a handshake is with a server that shows `shown`.
    failure refusal_of(emulator::certificate const& shown, std::string const& host = "127.0.0.1") {
        tls_peer secured{shown};
        scripted_peer const server{{secured.after_handshake(answer)}};
        auto const made = dial(server, host);
        EXPECT_FALSE(made);
        return made ? failure{} : made.error();
    }
    http1::exchanged ask(stream& on, std::string text = "GET / HTTP/1.1\r\n\r\n") {
        return bench.finish(
            http1::exchange(on, std::move(text), false, exchange_limits{}, scratch, stop, told));
    }

    testing::ca_file ca{trusted()};
    outcome<std::shared_ptr<tls_context>, failure> context = tls_context::make({ca.path()});
    testing::strand_bench bench;
    stop_signal stop;
    activity told;
    dial_progress dialling;
    std::vector<char> scratch = std::vector<char>(16'384);
};

TEST_F(tls, reaches_a_server_it_trusts) {
    tls_peer secured{trusted().issue()};
    for (auto const* host : {"localhost", "127.0.0.1"}) {
        std::string name;
        scripted_peer const server{{secured.after_handshake([&](tls_connection& c) {
            auto const* const asked = SSL_get_servername(c.session(), TLSEXT_NAMETYPE_host_name);
            name = asked ? asked : "none";
            answer(c);
        })}};
        auto made = dial(server, host);
        ASSERT_TRUE(made) << made.error().message;
        auto const done = ask(**made);
        ASSERT_TRUE(done.answer) << done.answer.error().why.message;
        EXPECT_EQ(done.answer->body, "ok");
        EXPECT_TRUE(done.reusable);
        EXPECT_EQ(name, host[0] == 'l' ? "localhost" : "none") << "addresses are never sent as SNI";
    }
}

TEST_F(tls, refuses_a_certificate_for_clients) {
    certificate_request request;
    request.use = certificate_request::purpose::client;
    EXPECT_EQ(refusal_of(trusted().issue(request)).code, errc::certificate_rejected);
}

TEST_F(tls, speaks_1_2) {
    tls_peer secured{trusted().issue()};
    SSL_CTX_set_max_proto_version(secured.context(), TLS1_2_VERSION);
    scripted_peer const server{{secured.after_handshake(answer)}};
    auto made = dial(server);
    ASSERT_TRUE(made);
    EXPECT_TRUE(ask(**made).answer);
}

TEST_F(tls, notices_a_server_that_speaks_plainly) {
    scripted_peer const server{{[](auto& c) {
        c.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        c.read_to_end();
    }}};
    auto const made = dial(server);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, errc::tls_failed);
    EXPECT_THAT(made.error().message, HasSubstr("wrong version number"));
}

TEST_F(tls, notices_an_end_in_the_handshake) {
    auto const wait_for_hello = [](testing::peer_connection& c) {
        c.socket().wait(boost::asio::socket_base::wait_read);
    };
    auto const closes = [&](testing::peer_connection& c) { wait_for_hello(c); };
    auto const resets = [&](testing::peer_connection& c) {
        wait_for_hello(c);
        c.reset();
    };
    auto const breaks_off = [&](testing::peer_connection& c) {
        wait_for_hello(c);
        c.write("\x16\x03\x03");
        c.socket().shutdown(boost::asio::socket_base::shutdown_send);
        c.read_to_end();
    };
    scripted_peer const server{{closes, resets, breaks_off}};
    for (int n = 0; n < 3; ++n) {
        auto const made = dial(server);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, errc::connection_lost) << made.error().message;
    }
}

TEST_F(tls, stops_in_the_handshake) {
    scripted_peer const server{{[](auto& c) { c.read_to_end(); }}};
    auto const made = bench.start(
        connect(bench.runs_on(), {"127.0.0.1", server.port(), context->get()}, stop, dialling));
    bench.run_until([&] { return bench.live().watches == 1; });
    ASSERT_FALSE(*made);
    stop.request(stop_reason::cancelled);
    bench.settle();
    ASSERT_TRUE(*made);
    EXPECT_EQ((*made)->error().code, boost::asio::error::operation_aborted);
    EXPECT_EQ(bench.live().sockets, 0);
}

TEST_F(tls, reads_records_that_come_in_two_parts) {
    // Between head and body of a record its buffer must not be given back.
    tls_peer secured{trusted().issue()};
    scripted_peer const server{{[&](testing::peer_connection& c) {
        secured.after_handshake([&](tls_connection& t) {
            t.read_until("\r\n\r\n");
            auto* const memory = BIO_new(BIO_s_mem());
            SSL_set0_wbio(t.session(), memory);
            t.write(ok);
            char* data = nullptr;
            auto const size = static_cast<std::size_t>(BIO_get_mem_data(memory, &data));
            std::string const record{data, size};
            c.socket().set_option(boost::asio::ip::tcp::no_delay{true});
            for (char const byte : record)
                c.write({&byte, 1});
            c.read_to_end();
        })(c);
    }}};
    auto made = dial(server);
    ASSERT_TRUE(made);
    auto const done = ask(**made);
    ASSERT_TRUE(done.answer) << done.answer.error().why.message;
    EXPECT_EQ(done.answer->body, "ok");
    made->reset();
}

class tls_end : public tls {
protected:
    /// Reads a body that ends with the connection, which `end` brings about.
    http1::exchanged read_until(std::function<void(tls_connection&)> end) {
        tls_peer secured{trusted().issue()};
        scripted_peer const server{{secured.after_handshake([&](tls_connection& c) {
            c.read_until("\r\n\r\n");
            c.write("HTTP/1.1 200 OK\r\n\r\nall there is");
            end(c);
        })}};
        auto made = dial(server);
        EXPECT_TRUE(made);
        return ask(**made);
    }
};

TEST_F(tls_end, in_order_completes_a_body) {
    auto const done = read_until([](auto& c) { c.close_notify(); });
    ASSERT_TRUE(done.answer);
    EXPECT_EQ(done.answer->body, "all there is");
    EXPECT_FALSE(done.reusable);
}

TEST_F(tls_end, without_notice_completes_nothing) {
    auto const done = read_until([](auto&) {});
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(done.answer.error().why.code, errc::connection_lost);
    EXPECT_EQ(done.answer.error().progress, exchange_progress::answered);
}

TEST_F(tls, notices_a_broken_record) {
    tls_peer secured{trusted().issue()};
    scripted_peer const server{{[&](testing::peer_connection& c) {
        secured.after_handshake([&](tls_connection& t) {
            t.read_until("\r\n\r\n");
            c.write(std::string("\x17\x03\x03\x00\x20", 5) + std::string(32, 'x'));
            c.read_to_end();
        })(c);
    }}};
    auto made = dial(server);
    ASSERT_TRUE(made);
    auto const done = ask(**made);
    ASSERT_FALSE(done.answer);
    EXPECT_EQ(done.answer.error().why.code, errc::tls_failed);
    made->reset();
}

TEST_F(tls, carries_large_bodies_both_ways_through_small_buffers) {
    std::string const body(2 * 1024 * 1024, 'b');
    tls_peer secured{trusted().issue()};
    scripted_peer const server{{[&](testing::peer_connection& c) {
        c.socket().set_option(boost::asio::socket_base::receive_buffer_size{32'768});
        c.socket().set_option(boost::asio::socket_base::send_buffer_size{32'768});
        secured.after_handshake([&](tls_connection& t) {
            std::size_t got = 0;
            while (got < body.size()) {
                auto const more = t.read();
                if (more.empty()) return;
                got += more.size();
            }
            t.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n");
            t.write(body);
            t.read();
        })(c);
    }}};
    auto made = dial(server);
    ASSERT_TRUE(made);
    auto const done = ask(**made, body);
    ASSERT_TRUE(done.answer) << done.answer.error().why.message;
    EXPECT_EQ(done.answer->body, body);
    made->reset();
}

TEST_F(tls, survives_writing_to_a_peer_that_is_gone) {
    tls_peer secured{trusted().issue()};
    scripted_peer const server{{[&](testing::peer_connection& c) {
        secured.after_handshake([](auto&) {})(c);
        c.reset();
    }}};
    auto made = dial(server);
    ASSERT_TRUE(made);
    for (int n = 0; n < 3; ++n) {
        auto const done = ask(**made, std::string(1'000'000, 'x'));
        ASSERT_FALSE(done.answer);
        EXPECT_THAT(done.answer.error().why.code, AnyOf(errc::connection_lost, errc::tls_failed));
    }
}

} // namespace
} // namespace bctrl::net
