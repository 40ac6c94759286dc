#pragma once

#include "emulator/net/conversation.hpp"
#include "emulator/net/event.hpp"
#include "emulator/net/request_parser.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace bctrl::emulator {

class connection;

/// HTTP/1.1. Two coroutines keep it alive: one reads whatever comes, so that a client that leaves
/// is noticed at any time, the other answers one request after the other.
class http1_conversation final : public conversation {
public:
    explicit http1_conversation(connection& on);

    asio::awaitable<void> serve(std::string first) override;
    void hear_of_close() override;
    void rest_is_over() override;
    unsigned version() const override { return 1; }
    std::size_t parked() const override { return is_parked_ ? 1 : 0; }

private:
    struct left {};
    using next_request = std::variant<incoming, failure, left>;

    static asio::awaitable<void> receive(std::shared_ptr<connection> alive,
                                         http1_conversation* self);

    asio::awaitable<next_request> read_request();
    asio::awaitable<std::optional<response>> answer(request const& asked);
    asio::awaitable<std::optional<wait_end>> park(parking const& wait);
    asio::awaitable<bool> send(std::string text);
    asio::awaitable<void> part();

    void keep(std::span<char const> received);

    connection& on_;
    std::string inbox_{}; ///< received and not parsed yet
    bool is_parked_ = false;
    bool is_parting_ = false;
    bool has_peer_left_ = false;
    event changed_; ///< for the answering coroutine: something came, or the end did
    event room_;    ///< for the reading coroutine: the inbox has room again
};

} // namespace bctrl::emulator
