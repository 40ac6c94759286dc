#include "canned_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace bctrl::test {

namespace asio = boost::asio;

canned_server::canned_server(std::string answer)
    : answer_{std::move(answer)},
      acceptor_{context_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
      port_{acceptor_.local_endpoint().port()} {
    accept();
    thread_ = std::jthread{[this] { context_.run(); }};
}

canned_server::~canned_server() {
    context_.stop();
}

void canned_server::accept() {
    acceptor_.async_accept([this](boost::system::error_code ec, tcp::socket accepted) {
        if (ec) return;
        serve(std::make_shared<connection>(std::move(accepted)));
        accept();
    });
}

void canned_server::serve(std::shared_ptr<connection> const& with) {
    auto const answer = [this, with](boost::system::error_code ec, std::size_t) {
        if (ec) return;
        asio::async_write(with->socket, asio::buffer(answer_),
                          [with](boost::system::error_code, std::size_t) {
                              boost::system::error_code ignored;
                              with->socket.shutdown(tcp::socket::shutdown_send, ignored);
                          });
    };
    asio::async_read_until(with->socket, with->request, "\r\n\r\n", answer);
}

std::string http_answer(std::string const& status, std::string const& content_type,
                        std::string const& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + content_type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace bctrl::test
