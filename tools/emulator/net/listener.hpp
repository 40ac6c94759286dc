#pragma once

#include "emulator/net/openssl_handle.hpp"
#include "emulator/net/server_core.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace bctrl::emulator {

/// Accepts connections on one port.
class listener {
public:
    /// Listens when it returns.
    /// @throws boost::system::system_error, std::runtime_error, std::invalid_argument as `server`
    /// does
    explicit listener(server_core& core);

    void start();
    void close();

    asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

private:
    asio::awaitable<void> accept_all();
    void welcome(asio::ip::tcp::socket socket);

    server_core& core_;
    ssl_context_handle tls_{};
    asio::ip::tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    asio::ip::tcp::endpoint endpoint_{};
};

} // namespace bctrl::emulator
