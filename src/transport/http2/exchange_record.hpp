#pragma once

#include "transport/http2/reset_code.hpp"
#include "transport/message.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace bctrl::http2 {

/// Names a stream on its connection; 0 is the connection itself.
using stream_id = std::int32_t;

/// One request and what has come of its answer. Lives with whoever awaits it; the engine writes it
/// while the stream is open.
class exchange_record {
public:
    /// @param text the body of the request; outlives this
    explicit exchange_record(std::string_view text) noexcept : unsent{text} {}
    exchange_record(exchange_record const&) = delete;
    exchange_record& operator=(exchange_record const&) = delete;

    /// The first part of the request was sent, or the last one, or the first part of the answer came.
    virtual void moved() noexcept = 0;
    /// The stream is closed: nothing more is written here.
    /// @param why `no_error` also if the answer has come to its end before
    virtual void closed(reset_code why) noexcept = 0;

    std::string_view unsent;               ///< of the body of the request
    std::unique_ptr<wire_response> answer; ///< there when it has begun: most wait long for theirs
    std::unique_ptr<failure> refused;      ///< why the answer is not taken
    std::uint32_t header_bytes = 0;
    std::uint32_t header_fields = 0;
    stream_id id = 0;
    unsigned short interim_answers = 0;
    bool sent = false;     ///< a part of the request has been handed out to be written
    bool begun = false;    ///< a part of the answer came
    bool final = false;    ///< its head has come, and was no interim one
    bool complete = false; ///< the peer has ended the answer

protected:
    ~exchange_record() = default;
};

} // namespace bctrl::http2
