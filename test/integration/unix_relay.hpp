#pragma once

#include "support/temporary_path.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace bctrl::test {

namespace asio = boost::asio;

/// A gateway: what comes to a Unix socket goes to a port of 127.0.0.1, and back. On a thread of its
/// own.
class unix_relay {
public:
    explicit unix_relay(std::uint16_t to_port)
        : acceptor_{context_, path_.string()}, to_{asio::ip::address_v4::loopback(), to_port} {
        asio::co_spawn(context_, accept(), asio::detached);
        thread_ = std::thread{[this] { context_.run(); }};
    }
    unix_relay(unix_relay const&) = delete;
    unix_relay& operator=(unix_relay const&) = delete;
    ~unix_relay() {
        context_.stop();
        thread_.join();
    }

    std::string path() const { return path_.string(); }
    int accepted() const noexcept { return accepted_.load(); }

private:
    using socket = asio::generic::stream_protocol::socket;

    asio::awaitable<void> accept() {
        while (true) {
            auto from = co_await acceptor_.async_accept(asio::use_awaitable);
            ++accepted_;
            asio::ip::tcp::socket connected{context_};
            co_await connected.async_connect(to_, asio::use_awaitable);
            auto const here = std::make_shared<socket>(std::move(from));
            auto const there = std::make_shared<socket>(std::move(connected));
            asio::co_spawn(context_, pump(here, there), asio::detached);
            asio::co_spawn(context_, pump(there, here), asio::detached);
        }
    }

    static asio::awaitable<void> pump(std::shared_ptr<socket> from, std::shared_ptr<socket> to) {
        std::array<char, 4096> bytes;
        boost::system::error_code ec;
        while (!ec) {
            auto const got = co_await from->async_read_some(
                asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, ec));
            if (got == 0) break;
            co_await asio::async_write(*to, asio::buffer(bytes, got),
                                       asio::redirect_error(asio::use_awaitable, ec));
        }
        boost::system::error_code ignored;
        to->shutdown(socket::shutdown_send, ignored);
    }

    temporary_path path_{".sock"};
    asio::io_context context_{1};
    asio::local::stream_protocol::acceptor acceptor_;
    asio::ip::tcp::endpoint to_;
    std::atomic<int> accepted_{0};
    std::thread thread_;
};

} // namespace bctrl::test
