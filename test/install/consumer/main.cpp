// A program of somebody else's: it asks a port where nobody listens for an operation, and gets a
// typed error.
#include <bctrl/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace asio = boost::asio;

namespace {

std::string url_of_closed_port(asio::io_context& context) {
    asio::ip::tcp::acceptor const acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
}

asio::awaitable<void> ask(std::string base_url) {
    bctrl::client_config config;
    config.key = bctrl::api_key{"bctrl_example"};
    config.base_url = base_url;
    config.retry.attempts = 1;
    bctrl::client client{co_await asio::this_coro::executor, config};
    try {
        co_await client.operations().get("op_1");
        std::cout << "an answer from nobody\n";
    } catch (bctrl::request_error const& e) {
        std::cout << (e.code() == bctrl::errc::connect_failed ? "connect_failed" : e.what())
                  << (e.code() == bctrl::condition::transport ? ", a fault of the transport\n"
                                                              : "\n");
    }
    co_await client.close(std::chrono::milliseconds{0});
}

} // namespace

int main() {
    asio::io_context context;
    asio::co_spawn(context, ask(url_of_closed_port(context)), asio::detached);
    context.run();
}
