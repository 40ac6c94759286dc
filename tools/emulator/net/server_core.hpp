#pragma once

#include "emulator/model/deadline_queue.hpp"
#include "emulator/service/connection_control.hpp"
#include "emulator/service/service.hpp"
#include "emulator/service/world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::emulator {

namespace asio = boost::asio;

class connection;

/// What all connections of a server share: the world, its one timer, and a buffer. Belongs to the
/// server's thread.
class server_core final : public connection_control {
public:
    using rest_handle = deadline_queue<connection*>::handle;

    server_core(asio::io_context& context, server_options options);

    world all;
    service api{all};

    asio::io_context& context() { return context_; }
    static time_point now() { return std::chrono::steady_clock::now(); }

    /// For bytes on their way from a socket into a connection, between two suspensions.
    std::span<char> scratch() { return scratch_; }

    /// A buffer to write from; whoever has to wait keeps it meanwhile.
    std::string lend_buffer() { return std::exchange(spare_, {}); }
    void take_buffer(std::string emptied) { spare_ = std::move(emptied); }

    /// @returns the number of the connection
    std::uint64_t enter(connection& c);
    void leave(std::uint64_t number);

    std::vector<connection_info> connections() const override;
    std::size_t inject(connection_fault const& fault, connection_choice const& whom) override;

    /// What new connections announce as MAX_CONCURRENT_STREAMS.
    std::uint32_t max_streams() const { return max_streams_; }

    /// Closes the connection at `when` unless the handle is taken back before.
    rest_handle close_at(time_point when, connection& c);
    void take_back(rest_handle h) { resting_.remove(h); }

    /// Sets the timer for whatever is due next. To be called after anything that may have changed
    /// that.
    void schedule();

    /// Closes every connection and the timer, for good.
    void close();

    bool logs() const { return static_cast<bool>(all.options.log); }
    void log(std::string const& line) const { all.options.log(line); }

private:
    std::optional<time_point> next_due() const;
    void tick();

    asio::io_context& context_;
    asio::steady_timer timer_;
    std::optional<time_point> timer_due_{};
    bool closed_ = false;
    std::map<std::uint64_t, connection*> connections_;
    std::uint32_t max_streams_;
    deadline_queue<connection*> resting_;
    std::array<char, 64 * 1024> scratch_{};
    std::string spare_{};
};

} // namespace bctrl::emulator
