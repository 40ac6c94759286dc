// A server that closes idle connections whenever it pleases, and callers who notice nothing.

#include "client_fixture.hpp"

#include "support/ca_file.hpp"
#include "support/seed.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <thread>

namespace bctrl::test {
namespace {

namespace ssl = asio::ssl;
using tcp = asio::ip::tcp;

constexpr std::size_t callers = 16;

std::string document() {
    std::ifstream file{BCTRL_TEST_DATA "/operation-queued-minimal.json"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// Answers every request with the same operation, on a thread of its own. Of sixteen connections
/// that have answered one is closed with the answer, one somewhat later, and one just when the next
/// request has come, which is not answered.
class moody_server {
public:
    /// @param certificate none: plain http
    explicit moody_server(emulator::certificate const* certificate) {
        if (certificate) {
            trust_.emplace(ssl::context::tls_server);
            trust_->use_certificate_chain(asio::buffer(certificate->chain));
            trust_->use_private_key(asio::buffer(certificate->private_key), ssl::context::pem);
        }
        auto const body = document();
        answer_ = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
                  std::to_string(body.size()) + "\r\n\r\n" + body;
        asio::co_spawn(context_, accept(), asio::detached);
        thread_ = std::jthread{[this] { context_.run(); }};
    }
    ~moody_server() { context_.stop(); }

    std::string base_url() const {
        return (trust_ ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port_);
    }
    /// After the last client: how many requests were taken and not answered.
    std::size_t swallowed() const noexcept { return swallowed_; }

private:
    asio::awaitable<void> accept() {
        while (true) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            socket.set_option(tcp::no_delay{true});
            if (trust_)
                asio::co_spawn(context_, serve_tls(std::move(socket)), asio::detached);
            else
                asio::co_spawn(context_, serve_plain(std::move(socket)), asio::detached);
        }
    }
    asio::awaitable<void> serve_plain(tcp::socket socket) {
        try {
            co_await serve(socket);
        } catch (boost::system::system_error const&) {
            // The client has closed.
        }
    }
    asio::awaitable<void> serve_tls(tcp::socket socket) {
        try {
            ssl::stream<tcp::socket> secured{std::move(socket), *trust_};
            co_await secured.async_handshake(ssl::stream_base::server, asio::use_awaitable);
            co_await serve(secured);
        } catch (boost::system::system_error const&) {
            // The client has closed.
        }
    }
    template <class Stream>
    asio::awaitable<void> serve(Stream& with) {
        asio::streambuf unread;
        for (bool first = true;; first = false) {
            auto const size =
                co_await asio::async_read_until(with, unread, "\r\n\r\n", asio::use_awaitable);
            unread.consume(size);
            auto const mood = chance_() % 16;
            if (!first && mood == 0) {
                ++swallowed_;
                co_return;
            }
            co_await asio::async_write(with, asio::buffer(answer_), asio::use_awaitable);
            if (mood == 1) co_return;
            if (mood == 2) {
                asio::steady_timer later{context_, std::chrono::microseconds{chance_() % 2'000}};
                co_await later.async_wait(asio::use_awaitable);
                co_return;
            }
        }
    }

    asio::io_context context_{1};
    std::optional<ssl::context> trust_;
    tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
    unsigned short port_ = acceptor_.local_endpoint().port();
    std::mt19937_64 chance_{testing::seed()};
    std::string answer_;
    std::atomic<std::size_t> swallowed_{0};
    std::jthread thread_;
};

class keep_alive : public ::testing::Test {
protected:
    /// Asks `count` times, by several callers side by side. Returns what the client counts.
    client_stats ask(moody_server const& at, std::size_t count, std::string const& ca_file) {
        client_config config;
        config.key = api_key{emulator_key};
        config.base_url = at.base_url();
        config.ca_file = ca_file;
        client asking{loop_.executor(), config};
        left_ = count;
        for (std::size_t n = 0; n < callers; ++n)
            asio::co_spawn(loop_.context(), call_until_done(asking), asio::detached);
        loop_.context().restart();
        loop_.context().run_for(240s);
        EXPECT_EQ(left_, 0U) << "work is left";
        return asking.stats();
    }
    asio::awaitable<void> call_until_done(client& by) {
        while (left_ > 0) {
            --left_;
            try {
                auto const got = co_await by.operations().get("op_1");
                EXPECT_FALSE(got.id.empty());
            } catch (request_error const& fault) {
                ADD_FAILURE() << fault.what();
            }
        }
        if (++finished_ == callers) co_await by.close(0ms);
    }

    event_loop loop_;
    std::size_t left_ = 0;
    std::size_t finished_ = 0;
};

TEST_F(keep_alive, of_a_moody_server_costs_no_caller_an_error) {
    moody_server const server{nullptr};
    auto const seen = ask(server, 100'000, {});
    EXPECT_EQ(seen.calls_succeeded, 100'000);
    EXPECT_EQ(seen.calls_failed, 0);
    // What the machine needs longer than a second to notice is tried again instead.
    EXPECT_GE(seen.replays + seen.retries, static_cast<std::int64_t>(server.swallowed()));
    EXPECT_LT(seen.retries, 100);
    EXPECT_GT(server.swallowed(), 1'000U);
    EXPECT_EQ(seen.sockets, 0);
}

TEST_F(keep_alive, of_a_moody_server_over_tls_costs_no_caller_an_error) {
    emulator::certificate_authority const authority;
    auto const shown = authority.issue();
    testing::ca_file const ca{authority};
    moody_server const server{&shown};
    auto const seen = ask(server, 10'000, ca.path());
    EXPECT_EQ(seen.calls_succeeded, 10'000);
    EXPECT_EQ(seen.calls_failed, 0);
    EXPECT_LT(seen.retries, 100);
    EXPECT_GT(server.swallowed(), 100U);
}

} // namespace
} // namespace bctrl::test
