#pragma once

#include "transport/http2/exchange_record.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace bctrl::http2 {

struct field {
    std::string_view name; ///< in small letters
    std::string_view value;
    /// Both outlive the connection and are not copied. So it is with the key: a copy of it would pass
    /// through vector registers, and the dynamic linker may save those on the stack.
    bool lasts = false;
};

/// Hears what concerns the whole connection. Told from within `engine::feed`.
class engine_listener {
public:
    /// The peer has told its settings, for the first time or anew.
    virtual void settings_came() = 0;
    /// The peer takes no more streams, and has not acted on those above the last that it names.
    virtual void going_away(reset_code why, stream_id last, std::string_view text) = 0;

protected:
    ~engine_listener() = default;
};

/// The client's side of one HTTP/2 connection without input or output of its own (RFC 9113): bytes
/// that came go in, bytes to be written come out. What it knows of nghttp2 nobody else does.
class engine {
public:
    engine(exchange_limits const& limits, engine_listener& tells);
    ~engine();
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    /// Opens a stream for a request; its bytes are among those that `take_pending` hands out next.
    /// @param head  pseudo headers first
    /// @returns false if the connection takes no more streams
    bool submit(exchange_record& record, std::span<field const> head);

    /// Nobody awaits the answer any more; the stream stays open until it is reset or answered.
    void forget(exchange_record& record) noexcept;
    void reset(stream_id id, reset_code why);
    bool is_open(stream_id id) const noexcept;
    void ping();
    /// Says goodbye: the peer shall open no stream, and we do not either.
    void go_away();

    /// Takes what came. A failure is one of the connection; what the engine still wants to say of
    /// it is pending then.
    std::optional<failure> feed(std::span<char const> bytes);

    /// Appends what is to be written, until there is nothing more or `most` is passed.
    std::optional<failure> take_pending(std::string& into, std::size_t most);

    /// Whether the peer has told its settings. No stream should be opened before.
    bool is_settled() const noexcept;
    /// How many streams the peer allows at a time.
    std::size_t streams_allowed() const noexcept;
    /// Whether it takes anything more that comes.
    bool listens() const noexcept;
    /// Whether there is nothing left to be said or heard.
    bool is_over() const noexcept;
    /// What was wrong with what came last.
    failure fault() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace bctrl::http2
