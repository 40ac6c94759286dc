#pragma once

#include "emulator/net/channel.hpp"
#include "emulator/net/event.hpp"
#include "emulator/net/request_parser.hpp"
#include "emulator/net/server_core.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace bctrl::emulator {

/// One HTTP/1.1 connection. Two coroutines keep it alive: one reads whatever comes, so that a
/// client that leaves is noticed at any time, the other answers one request after the other.
class connection {
public:
    connection(server_core& core, asio::ip::tcp::socket socket, std::unique_ptr<channel> bytes);

    /// Begins to serve; ends by itself, or by `close`.
    static void start(std::shared_ptr<connection> self);

    /// Closes at once, whatever is unanswered.
    void close();

    /// Closes because the time set by `rest` is over.
    void close_rested();

private:
    struct left {};
    using next_request = std::variant<incoming, failure, left>;

    static asio::awaitable<void> serve(std::shared_ptr<connection> self);
    static asio::awaitable<void> receive(std::shared_ptr<connection> self);

    asio::awaitable<bool> shake_hands();
    asio::awaitable<void> answer_all();
    asio::awaitable<next_request> read_request();
    asio::awaitable<std::optional<response>> answer(request const& asked);
    asio::awaitable<std::optional<wait_end>> park(parking const& wait);
    asio::awaitable<bool> send(std::string text);
    asio::awaitable<void> part();
    asio::awaitable<bool> can_go_on(io_step step);

    void keep(std::span<char const> received);
    void rest(std::chrono::milliseconds at_most);
    void stir();
    void log_request(request const& asked, response const& answered, time_point began) const;

    server_core& core_;
    asio::ip::tcp::socket socket_;
    std::unique_ptr<channel> channel_;
    std::string const peer_;    ///< its address, for the log only
    std::string inbox_{};       ///< received and not parsed yet
    std::size_t discarded_ = 0; ///< received after the last answer
    bool is_parting_ = false;
    bool has_peer_left_ = false;
    event changed_; ///< for the answering coroutine: something came, or the end did
    event room_;    ///< for the reading coroutine: the inbox has room again
    std::optional<server_core::rest_handle> rest_{};
};

} // namespace bctrl::emulator
