#pragma once

#include <bctrl/emulator/fault.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace bctrl::emulator {

namespace asio = boost::asio;

/// What is said on a connection, in one version of HTTP. Belongs to the connection.
class conversation {
public:
    conversation() = default;
    conversation(conversation const&) = delete;
    conversation& operator=(conversation const&) = delete;
    virtual ~conversation() = default;

    /// Answers requests to the end of the connection.
    /// @param first what was read of it already
    virtual asio::awaitable<void> serve(std::string first) = 0;

    /// The connection is closed: wakes whoever waits for anything but the socket.
    virtual void hear_of_close() = 0;

    /// The time set by `connection::rest` is over.
    virtual void rest_is_over() = 0;

    virtual unsigned version() const = 0;

    /// Waits that are not answered yet.
    virtual std::size_t parked() const = 0;

    // Faults of HTTP/2; each says how much, or whether anything, was done.
    virtual std::size_t reset_waits(http2_error, std::size_t /*at_most*/) { return 0; }
    virtual bool go_away(emulator::go_away const&) { return false; }
    virtual bool announce_max_streams(std::uint32_t) { return false; }
};

} // namespace bctrl::emulator
