#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <variant>

namespace bctrl::emulator {

/// The error codes of HTTP/2 (RFC 9113, section 7).
enum class http2_error : std::uint32_t {
    no_error = 0x0,
    protocol_error = 0x1,
    internal_error = 0x2,
    flow_control_error = 0x3,
    settings_timeout = 0x4,
    stream_closed = 0x5,
    frame_size_error = 0x6,
    refused_stream = 0x7,
    cancel = 0x8,
    compression_error = 0x9,
    connect_error = 0xa,
    enhance_your_calm = 0xb,
    inadequate_security = 0xc,
    http_1_1_required = 0xd,
};

/// Answers parked waits with RST_STREAM, those on the oldest streams first. They do not count as
/// abandoned. HTTP/2 only.
struct reset_waits {
    http2_error code = http2_error::cancel;
    std::size_t at_most = std::numeric_limits<std::size_t>::max();
};

/// What comes after GOAWAY.
enum class after_go_away {
    finish, ///< what is there is answered, then the connection is closed
    close,  ///< the connection is closed at once, whatever is unanswered
    /// What is there is answered; then the connection stays open, deaf, until the client closes it
    /// or it has been idle too long.
    stay,
};

/// Sends GOAWAY; with the defaults this is how a server shuts down gracefully. HTTP/2 only.
struct go_away {
    http2_error code = http2_error::no_error;
    /// The last stream that the server says to have processed, 0 or odd; streams above it are
    /// closed. Not set: the last one that there was.
    std::optional<std::int32_t> last_stream{};
    after_go_away then = after_go_away::finish;
};

/// Makes a black hole of a connection: nothing is read and nothing is written, and not even its
/// end is noticed, until `resume`.
struct stall {};

/// Ends `stall`.
struct resume {};

/// Announces another MAX_CONCURRENT_STREAMS. HTTP/2 only.
struct limit_streams {
    std::uint32_t at_most = 1;
};

/// A mischief done to connections on request.
using connection_fault = std::variant<reset_waits, go_away, stall, resume, limit_streams>;

/// What there is to know about an open connection.
struct connection_info {
    std::uint64_t number = 0;  ///< 1 for the first that the server accepted, and so on
    unsigned http_version = 0; ///< 1 or 2; 0 while the client has not shown which
    std::size_t parked = 0;    ///< waits on it that are not answered yet
    bool is_stalled = false;
};

} // namespace bctrl::emulator
