#pragma once

#include "emulator/http2/tally.hpp"

#include <bctrl/emulator/fault.hpp>
#include <bctrl/emulator/server.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace bctrl::emulator::http2 {

using stream_id = std::int32_t;

/// What a client sends before anything else (RFC 9113, section 3.4).
inline constexpr std::string_view preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A request is complete.
struct asked {
    stream_id stream = 0;
    std::string method{};
    std::string target{};
    std::string authorization{};
    std::string content_type{};
    std::string body{};
};

/// A request is larger than allowed; the rest of it will be ignored.
struct oversized {
    enum class part { header, body };

    stream_id stream = 0;
    part what = part::header;
};

/// A stream has ended, whoever ended it.
struct closed {
    stream_id stream = 0;
};

using event = std::variant<asked, oversized, closed>;

struct answer {
    unsigned status = 200;
    std::vector<std::pair<std::string_view, std::string>> fields{}; ///< names in lower case
    std::string body{};                                             ///< none: headers only
};

struct settings {
    std::uint32_t max_streams = 250;
    std::optional<reset_rate> reset_limit{};
    std::size_t header_limit = 65'536; ///< of all names and values of a request together
    std::size_t body_limit = 8'388'608;
};

/// The server's side of one HTTP/2 connection: bytes in and events out, answers in and bytes out.
/// Does no input or output and reads no clock.
class engine {
public:
    /// @throws std::bad_alloc
    engine(settings const& chosen, tally& counts);
    ~engine();

    /// Takes what the client sent. What breaks the protocol makes the engine say goodbye, and what
    /// does so beyond that ends it at once.
    void feed(std::span<char const> received);

    std::vector<event> take_events();

    /// Appends bytes for the client, about `chunk` of them at most; nothing if there are none or
    /// the client's windows are full.
    void collect(std::string& into);

    /// Answers a request; does nothing if its stream is closed by now.
    void answer_to(stream_id stream, answer given);

    void reset(stream_id stream, http2_error code);

    /// @param last no stream above it counts as processed; not set: all that came do
    void go_away(std::optional<stream_id> last, http2_error code);

    void announce_max_streams(std::uint32_t count);

    /// Nothing can be read or written any more, so that the connection may be closed.
    bool is_done() const;

    static constexpr std::size_t chunk = 65'536;

private:
    class session;
    std::unique_ptr<session> session_;
};

} // namespace bctrl::emulator::http2
