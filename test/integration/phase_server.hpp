#pragma once

#include "client_fixture.hpp"
#include "support/child_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/socket.h>

namespace bctrl::test {

/// A server that holds calls in one phase, on the context of the test itself: nothing happens but when
/// the test runs that.
class phase_server {
public:
    using tcp = asio::ip::tcp;

    enum class manner {
        silent, ///< reads, and answers nothing
        deaf,   ///< accepts, and does not read
    };

    phase_server(asio::io_context& context, manner how, std::string answer = {})
        : how_{how},
          answer_{std::move(answer)},
          acceptor_{context, {asio::ip::address_v4::loopback(), 0}} {
        accept();
    }

    std::string authority() const {
        return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    /// Connections whose clients have closed them.
    int closed() const noexcept { return closed_; }
    /// Reads what it was too deaf for.
    void listen_to_all() {
        how_ = manner::silent;
        for (auto const& each : connections_)
            read(each);
    }

private:
    struct connection {
        explicit connection(tcp::socket accepted) : socket{std::move(accepted)} {}
        tcp::socket socket;
        std::array<char, 65'536> bytes;
    };

    void accept() {
        acceptor_.async_accept([this](error_code ec, tcp::socket accepted) {
            if (ec) return;
            connections_.push_back(std::make_shared<connection>(std::move(accepted)));
            if (how_ == manner::silent) read(connections_.back());
            accept();
        });
    }

    void read(std::shared_ptr<connection> const& from) {
        from->socket.async_read_some(asio::buffer(from->bytes), [this, from](error_code ec, auto) {
            if (ec == asio::error::operation_aborted) return;
            if (ec) {
                ++closed_;
                return;
            }
            error_code ignored;
            if (!answer_.empty()) asio::write(from->socket, asio::buffer(answer_), ignored);
            read(from);
        });
    }

    manner how_;
    std::string answer_;
    tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<connection>> connections_;
    int closed_ = 0;
};

/// A port on which connecting does not come to an end: its queue is full.
class full_port {
public:
    using tcp = asio::ip::tcp;

    explicit full_port(asio::io_context& context) : acceptor_{context} {
        tcp::endpoint const here{asio::ip::address_v4::loopback(), 0};
        acceptor_.open(here.protocol());
        acceptor_.bind(here);
        acceptor_.listen(0);
        for (auto& each : in_queue_) {
            each.emplace(context);
            each->open(here.protocol());
            each->native_non_blocking(true);
            auto const port = acceptor_.local_endpoint();
            // Asio's own would wait for the end of it.
            ::connect(each->native_handle(), port.data(), static_cast<socklen_t>(port.size()));
        }
    }

    std::string authority() const {
        return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    tcp::acceptor acceptor_;
    std::array<std::optional<tcp::socket>, 3> in_queue_;
};

} // namespace bctrl::test
