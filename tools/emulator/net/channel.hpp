#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace bctrl::emulator {

/// What came of an attempt that never blocks.
enum class progress_state {
    done,        ///< some bytes moved, or the step is complete
    needs_read,  ///< try again when the socket is readable
    needs_write, ///< try again when the socket is writable
    closed,      ///< nothing can move in this direction any more
};

struct io_step {
    progress_state state;
    std::size_t bytes = 0;
};

/// The bytes of a connection, plain or encrypted, over a non-blocking socket that it does not own.
/// Waiting for the socket is the caller's business, so no buffer is held while nothing moves.
class channel {
public:
    channel() = default;
    channel(channel const&) = delete;
    channel& operator=(channel const&) = delete;
    virtual ~channel() = default;

    /// Comes before everything else.
    virtual io_step shake_hands() = 0;
    virtual io_step read(std::span<char> into) = 0;
    virtual io_step write(std::string_view from) = 0;

    /// What ALPN has chosen; empty if nothing.
    virtual std::string protocol() const = 0;

    /// Says that nothing follows. Best effort, once.
    virtual void say_goodbye() = 0;

    /// Why the channel closed, if it was for anything but the peer's leaving.
    virtual std::string fault() const = 0;
};

} // namespace bctrl::emulator
