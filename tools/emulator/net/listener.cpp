#include "emulator/net/listener.hpp"

#include "emulator/net/connection.hpp"
#include "emulator/net/plain_channel.hpp"
#include "emulator/net/tls_channel.hpp"
#include "emulator/net/tls_context.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace bctrl::emulator {
namespace {

using tcp = asio::ip::tcp;

asio::ip::address address_of(std::string const& host) {
    boost::system::error_code wrong;
    auto const address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, wrong);
    if (wrong) throw std::invalid_argument{"'" + host + "' is no address to listen on"};
    return address;
}

} // namespace

listener::listener(server_core& core)
    : core_{core}, acceptor_{core.context()}, pause_{core.context()} {
    auto const& options = core.all.options;
    if (options.tls) tls_ = make_tls_context(*options.tls, options.http);
    tcp::endpoint const wanted{address_of(options.host), options.port};
    acceptor_.open(wanted.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.bind(wanted);
    acceptor_.listen();
    endpoint_ = acceptor_.local_endpoint();
}

void listener::start() {
    asio::co_spawn(core_.context(), accept_all(), asio::detached);
}

void listener::close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

asio::awaitable<void> listener::accept_all() {
    constexpr std::chrono::milliseconds breath{50};
    while (acceptor_.is_open()) {
        boost::system::error_code failed;
        tcp::socket socket{core_.context()};
        co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, failed));
        if (!failed) {
            welcome(std::move(socket));
        } else if (acceptor_.is_open()) {
            // No descriptor is left, most likely: trying again at once would only spin.
            pause_.expires_after(breath);
            co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
        }
    }
}

void listener::welcome(tcp::socket socket) {
    boost::system::error_code failed;
    socket.non_blocking(true, failed);
    if (!failed) socket.set_option(tcp::no_delay{true}, failed);
    if (failed) return; // the client has left again
    auto const handle = socket.native_handle();
    std::unique_ptr<channel> bytes;
    if (tls_) {
        bytes = std::make_unique<tls_channel>(handle, tls_.get());
    } else {
        bytes = std::make_unique<plain_channel>(handle);
    }
    connection::start(std::make_shared<connection>(core_, std::move(socket), std::move(bytes)));
}

} // namespace bctrl::emulator
