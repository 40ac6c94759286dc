#pragma once

#include "support/tls_peer.hpp"
#include "transport/net/stream.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bctrl::testing {

/// A stream under test and a TLS server at its other end, in one thread: the server is OpenSSL over
/// memory, and its bytes reach the client when the test delivers them, as many as it likes.
class tls_wire {
public:
    tls_wire(scheduler& runs_on, SSL_CTX* server) : server_{SSL_new(server), &SSL_free} {
        std::array<int, 2> pair{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
            throw std::runtime_error{"there is no pair of sockets"};
        far_ = pair[1];
        near_ = pair[0];
        net::socket connected{runs_on.executor(), boost::asio::ip::tcp::v4(), near_};
        client_ = std::make_unique<net::stream>(runs_on, std::move(connected));
        SSL_set_bio(server_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_accept_state(server_.get());
    }
    tls_wire(tls_wire const&) = delete;
    tls_wire& operator=(tls_wire const&) = delete;
    ~tls_wire() { close(); }

    net::stream& client() noexcept { return *client_; }
    SSL* server() noexcept { return server_.get(); }

    /// The server takes what the client has sent, and goes on with its handshake.
    void serve() {
        take_from_client();
        if (!SSL_is_init_finished(server())) SSL_do_handshake(server());
        collect();
    }
    /// The server reads; what it got.
    std::string hear() {
        take_from_client();
        std::string got(16'384, '\0');
        std::size_t size = 0;
        if (SSL_read_ex(server(), got.data(), got.size(), &size) != 1) size = 0;
        got.resize(size);
        collect();
        return got;
    }
    /// The server says something, for later delivery.
    void say(std::string_view text) {
        std::size_t put = 0;
        SSL_write_ex(server(), text.data(), text.size(), &put);
        collect();
    }
    /// The server sends what it has been asked to: a ticket, a key update, a request to renegotiate.
    void say_what_is_due() {
        SSL_do_handshake(server());
        collect();
    }
    void say_goodbye() {
        SSL_shutdown(server());
        collect();
    }
    /// Bytes that no TLS made.
    void say_raw(std::string_view bytes) { said_ += bytes; }

    /// What was said and not delivered yet.
    std::string& said() noexcept { return said_; }
    /// Delivers so many bytes of it, or all there is.
    void deliver(std::size_t most = std::string::npos) {
        auto const size = std::min(most, said_.size());
        auto const sent = ::send(far_, said_.data(), size, MSG_NOSIGNAL);
        if (sent > 0) said_.erase(0, static_cast<std::size_t>(sent));
    }

    /// Delivered, and not read by the client yet.
    std::size_t unread() const {
        int count = 0;
        ::ioctl(near_, FIONREAD, &count);
        return static_cast<std::size_t>(count);
    }
    /// The far end of the connection.
    int descriptor() const noexcept { return far_; }
    int client_descriptor() const noexcept { return near_; }

    /// Only the client is left of the connection, and its socket.
    void forget_server() {
        server_.reset();
        said_ = {};
    }

    /// No more bytes come, and TLS did not say so.
    void cut() { ::shutdown(far_, SHUT_WR); }
    void close() {
        if (far_ >= 0) ::close(far_);
        far_ = -1;
    }

    /// Makes the handshake, delivering so many bytes at a time. How it ended for the client.
    net::transfer shake_hands(std::size_t at_a_time = std::string::npos) {
        for (int turn = 0; turn < 20'000; ++turn) {
            auto const step = client_->try_handshake();
            serve();
            if (step.what != net::transfer::status::want_read &&
                step.what != net::transfer::status::want_write)
                return step;
            deliver(at_a_time);
        }
        return {net::transfer::status::want_read};
    }

private:
    void take_from_client() {
        std::array<char, 16'384> bytes{};
        for (;;) {
            auto const got = ::recv(far_, bytes.data(), bytes.size(), 0);
            if (got <= 0) return;
            BIO_write(SSL_get_rbio(server()), bytes.data(), static_cast<int>(got));
        }
    }
    void collect() {
        char* data = nullptr;
        auto const size = BIO_get_mem_data(SSL_get_wbio(server()), &data);
        said_.append(data, static_cast<std::size_t>(size));
        BIO_reset(SSL_get_wbio(server()));
    }

    std::unique_ptr<SSL, decltype(&SSL_free)> server_;
    std::unique_ptr<net::stream> client_;
    std::string said_;
    int far_ = -1;
    int near_ = -1;
};

} // namespace bctrl::testing
