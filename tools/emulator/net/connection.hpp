#pragma once

#include "emulator/net/channel.hpp"
#include "emulator/net/conversation.hpp"
#include "emulator/net/event.hpp"
#include "emulator/net/server_core.hpp"
#include "emulator/service/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// One client's connection: its bytes, its place among the others and the time that it may rest.
/// What is said on it is up to a conversation in the version of HTTP that the client begins with.
class connection : public std::enable_shared_from_this<connection> {
public:
    connection(server_core& core, asio::ip::tcp::socket socket, std::unique_ptr<channel> bytes);

    /// Begins to serve; ends by itself, or by `close`.
    static void start(std::shared_ptr<connection> self);

    /// Closes at once, whatever is unanswered.
    void close();

    /// To be told by the core when the time set by `rest` is over.
    void rest_is_over();

    /// @param before what `server::inject` counts, on the connections before this one
    /// @returns what it counts here
    std::size_t suffer(connection_fault const& fault, std::size_t before);

    connection_info info() const;

    // For the conversation.

    server_core& core() const { return core_; }
    asio::any_io_executor executor() { return socket_.get_executor(); }
    bool is_open() const { return socket_.is_open(); }
    std::uint64_t number() const { return number_; }

    io_step read(std::span<char> into);
    io_step write(std::string_view from);

    /// Waits until it makes sense to read or write again; false if there is no sense in it any more.
    asio::awaitable<bool> can_go_on(io_step step);

    /// Closes after that time, unless `stir` comes before.
    void rest(std::chrono::milliseconds at_most);
    void stir();

    /// Nothing follows. Whatever the client still sends is to be read and thrown away for a while:
    /// closing at once would reset the connection and with it the last answer.
    void shut_down();

    /// Counts what came after `shut_down`; false when it is too much.
    bool may_discard(std::size_t received);

    /// "POST /v1/operations", for `log_answer`; nothing if nobody reads the log.
    std::string title_of(request const& asked) const;
    void log_answer(std::string const& title, response const& answered, time_point began) const;

private:
    struct stall_gate;

    void stall();
    void resume();
    static asio::awaitable<void> serve(std::shared_ptr<connection> self);

    asio::awaitable<bool> shake_hands();
    asio::awaitable<std::optional<std::string>> read_beginning();
    bool is_version_open(std::string_view beginning) const;
    std::unique_ptr<conversation> make_conversation(std::string_view beginning);

    server_core& core_;
    asio::ip::tcp::socket socket_;
    std::unique_ptr<channel> channel_;
    std::string const peer_; ///< its address, for the log only
    std::uint64_t number_ = 0;
    std::size_t discarded_ = 0;
    std::optional<server_core::rest_handle> rest_{};
    std::shared_ptr<stall_gate> stalled_{};
    std::unique_ptr<conversation> talk_{};
};

} // namespace bctrl::emulator
