#include "faulty_server.hpp"

namespace bctrl::test {

namespace asio = boost::asio;

faulty_server::faulty_server(script for_each)
    : thread_{[this, for_each = std::move(for_each)] { play(for_each); }} {}

faulty_server::~faulty_server() {
    stopping_ = true;
    // Frees it from waiting for one more.
    boost::system::error_code ignored;
    tcp::socket last{context_};
    last.connect(end_, ignored);
    last.close(ignored);
    thread_.join();
}

void faulty_server::play(script const& for_each) {
    for (int number = 1;; ++number) {
        boost::system::error_code ec;
        auto accepted = acceptor_.accept(ec);
        if (ec || stopping_) return;
        testing::peer_connection connection{std::move(accepted)};
        for_each(connection, number);
    }
}

full_port::full_port() {
    acceptor_.open(tcp::v4());
    acceptor_.bind({asio::ip::address_v4::loopback(), 0});
    acceptor_.listen(0);
    end_ = acceptor_.local_endpoint();
    // The system keeps one more than it was told; a second one makes sure.
    for (int n = 0; n < 2; ++n) {
        auto& one = queued_.emplace_back(context_);
        one.async_connect(end_, [](boost::system::error_code) {});
    }
}

std::string closed_address() {
    asio::io_context context;
    asio::ip::tcp::acceptor const passing{context, {asio::ip::address_v4::loopback(), 0}};
    return "127.0.0.1:" + std::to_string(passing.local_endpoint().port());
}

} // namespace bctrl::test
