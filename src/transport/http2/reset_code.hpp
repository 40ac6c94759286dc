#pragma once

#include <cstdint>
#include <string>

namespace bctrl::http2 {

/// Why a stream was reset or a connection ended (RFC 9113, section 7). Peers may send others.
enum class reset_code : std::uint32_t {
    no_error = 0x0,
    protocol_error = 0x1,
    internal_error = 0x2,
    flow_control_error = 0x3,
    settings_timeout = 0x4,
    stream_closed = 0x5,
    frame_size_error = 0x6,
    refused_stream = 0x7, ///< the server has not acted on the request
    cancel = 0x8,
    compression_error = 0x9,
    connect_error = 0xa,
    enhance_your_calm = 0xb, ///< the client does too much of something
    inadequate_security = 0xc,
    http_1_1_required = 0xd,
};

/// The name that the RFC gives it, as in "REFUSED_STREAM"; of one unknown its number.
std::string text_of(reset_code code);

} // namespace bctrl::http2
