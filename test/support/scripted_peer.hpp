#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bctrl::testing {

/// The far end of one TCP connection, used with blocking calls. Errors are not reported: whoever is
/// tested may close at any time.
class peer_connection {
public:
    using socket_type = boost::asio::ip::tcp::socket;

    explicit peer_connection(socket_type connected) : socket_{std::move(connected)} {}

    socket_type& socket() noexcept { return socket_; }

    void write(std::string_view text) {
        boost::system::error_code ignored;
        boost::asio::write(socket_, boost::asio::buffer(text), ignored);
    }

    /// Reads until `end` has come; what came behind it is kept for later. Empty if the connection
    /// ends before.
    std::string read_until(std::string_view end) {
        std::size_t found = 0;
        while ((found = unread_.find(end)) == std::string::npos)
            if (!read_more()) return {};
        return take(found + end.size());
    }

    /// What comes next; empty at the end of the connection.
    std::string read_some() {
        if (unread_.empty()) read_more();
        return take(unread_.size());
    }

    /// Reads one request, with a body if it tells the length of one.
    std::string read_request() {
        auto request = read_until("\r\n\r\n");
        constexpr std::string_view name = "Content-Length: ";
        auto const at = request.find(name);
        if (at == std::string::npos) return request;
        auto const size = std::stoul(request.substr(at + name.size()));
        while (unread_.size() < size)
            if (!read_more()) return {};
        return request + take(size);
    }

    /// Reads to the end of the connection. True if it was closed in order.
    bool read_to_end() {
        while (read_more())
            ;
        return in_order_;
    }

    /// Closes with a reset: what was sent last may be lost.
    void reset() {
        boost::system::error_code ignored;
        socket_.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
        socket_.close(ignored);
    }

private:
    bool read_more() {
        char bytes[4096];
        boost::system::error_code ec;
        auto const got = socket_.read_some(boost::asio::buffer(bytes), ec);
        unread_.append(bytes, got);
        in_order_ = ec == boost::asio::error::eof;
        return !ec;
    }
    std::string take(std::size_t size) {
        auto taken = unread_.substr(0, size);
        unread_.erase(0, size);
        return taken;
    }

    socket_type socket_;
    std::string unread_;
    bool in_order_ = false;
};

/// A server on a free port of 127.0.0.1 that plays one script for each connection, in the order in
/// which they come, on a thread of its own. Each script has the connection to itself; the next one
/// is played when it returns.
class scripted_peer {
public:
    using script = std::function<void(peer_connection&)>;

    explicit scripted_peer(std::vector<script> scripts)
        : thread_{[this, scripts = std::move(scripts)] { play(scripts); }} {}
    ~scripted_peer() {
        // Frees a script that still waits for its connection.
        boost::system::error_code ignored;
        boost::asio::ip::tcp::socket last{context_};
        last.connect(end_, ignored);
        last.close(ignored);
        thread_.join();
    }

    unsigned short port() const noexcept { return end_.port(); }

private:
    void play(std::vector<script> const& scripts) {
        for (auto const& each : scripts) {
            boost::system::error_code ec;
            auto accepted = acceptor_.accept(ec);
            if (ec) return;
            peer_connection connection{std::move(accepted)};
            each(connection);
        }
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_{context_,
                                             {boost::asio::ip::address_v4::loopback(), 0}};
    boost::asio::ip::tcp::endpoint end_{acceptor_.local_endpoint()};
    std::thread thread_;
};

} // namespace bctrl::testing
