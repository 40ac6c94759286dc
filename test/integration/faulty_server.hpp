#pragma once

#include "support/scripted_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace bctrl::test {

/// A server on a free port of 127.0.0.1 that plays one script on each connection, one connection at
/// a time, for as long as it lives. On a thread of its own.
class faulty_server {
public:
    /// @param number  of the connection, from 1 on
    using script = std::function<void(testing::peer_connection&, int number)>;

    explicit faulty_server(script for_each);
    faulty_server(faulty_server const&) = delete;
    faulty_server& operator=(faulty_server const&) = delete;
    /// @pre whoever was connected is so no more
    ~faulty_server();

    std::string address() const { return "127.0.0.1:" + std::to_string(end_.port()); }

private:
    using tcp = boost::asio::ip::tcp;

    void play(script const& for_each);

    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
    tcp::endpoint end_{acceptor_.local_endpoint()};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

/// A port of 127.0.0.1 that answers no connect: its queue is full, and nobody empties it.
class full_port {
public:
    full_port();

    std::string address() const { return "127.0.0.1:" + std::to_string(end_.port()); }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_};
    tcp::endpoint end_;
    std::vector<tcp::socket> queued_;
};

/// An address at which nobody listens.
std::string closed_address();

} // namespace bctrl::test
