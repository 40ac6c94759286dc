#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <iterator>
#include <list>
#include <string_view>
#include <utility>

namespace bctrl::testing {

/// Accepts every connection on a free port of 127.0.0.1 and holds it open, on the context of the
/// test itself: nothing happens but when the test runs its context.
class accepting_server {
public:
    using socket_type = boost::asio::ip::tcp::socket;

    explicit accepting_server(boost::asio::io_context& context)
        : acceptor_{context, {boost::asio::ip::address_v4::loopback(), 0}} {
        accept();
    }

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    std::size_t count() const noexcept { return accepted_.size(); }
    /// Connections in the order in which they came.
    socket_type& last() { return accepted_.back(); }
    socket_type& at(std::size_t n) {
        return *std::next(accepted_.begin(), static_cast<std::ptrdiff_t>(n));
    }
    void send(std::string_view text) { last().send(boost::asio::buffer(text)); }
    void stop() { acceptor_.close(); }

private:
    void accept() {
        acceptor_.async_accept([this](boost::system::error_code ec, socket_type made) {
            if (ec) return;
            accepted_.push_back(std::move(made));
            accept();
        });
    }

    boost::asio::ip::tcp::acceptor acceptor_;
    std::list<socket_type> accepted_;
};

} // namespace bctrl::testing
