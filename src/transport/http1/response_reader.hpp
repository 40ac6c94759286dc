#pragma once

#include "transport/message.hpp"

#include <memory>
#include <string_view>

namespace bctrl::http1 {

/// Reads one answer from bytes as they come, without input or output of its own (RFC 9112).
/// Interim answers (1xx) are read over; too many of them are an error.
class response_reader {
public:
    /// @param to_head  the request was HEAD: the answer has no body, whatever its headers say
    response_reader(exchange_limits const& limits, bool to_head);
    ~response_reader();
    response_reader(response_reader&&) noexcept;
    response_reader& operator=(response_reader&&) = delete;

    /// Takes the next bytes. True once the answer is complete; `malformed_response`,
    /// `header_too_large` or `body_too_large` if it never will be.
    outcome<bool, failure> feed(std::string_view bytes);

    /// Tells that no more bytes come. True if that completes the answer: its body had no other end.
    /// @param in_order  the peer said so itself; a cut connection completes nothing
    outcome<bool, failure> finish(bool in_order);

    /// Whether any byte of an answer has come.
    bool begun() const noexcept;

    /// Whether the connection can carry another exchange after this complete answer.
    bool leaves_connection_reusable() const;

    /// Whether more has come than the complete answer.
    bool has_surplus() const noexcept;

    /// @pre the answer is complete
    wire_response take();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace bctrl::http1
