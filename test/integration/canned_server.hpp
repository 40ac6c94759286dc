#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/streambuf.hpp>

#include <memory>
#include <string>
#include <thread>

namespace bctrl::test {

/// Answers every request on every connection with the same bytes, whatever they are, and closes the
/// connection behind them. Plain TCP on a free loopback port, on a thread of its own.
class canned_server {
public:
    explicit canned_server(std::string answer);
    canned_server(canned_server const&) = delete;
    canned_server& operator=(canned_server const&) = delete;
    ~canned_server();

    unsigned short port() const noexcept { return port_; }
    std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    using tcp = boost::asio::ip::tcp;
    struct connection {
        explicit connection(tcp::socket accepted) : socket{std::move(accepted)} {}
        tcp::socket socket;
        boost::asio::streambuf request;
    };

    void accept();
    void serve(std::shared_ptr<connection> const& with);

    std::string answer_;
    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    unsigned short port_;
    std::jthread thread_;
};

/// A complete HTTP/1.1 answer.
std::string http_answer(std::string const& status, std::string const& content_type,
                        std::string const& body);

} // namespace bctrl::test
