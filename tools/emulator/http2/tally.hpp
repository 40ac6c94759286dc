#pragma once

#include <cstddef>
#include <cstdint>

namespace bctrl::emulator::http2 {

/// What happened on all HTTP/2 connections of a server.
struct tally {
    std::uint64_t connections = 0;
    std::size_t streams_open = 0;
    std::uint64_t streams = 0;
    std::uint64_t resets_received = 0;
    std::uint64_t go_aways_sent = 0;
};

} // namespace bctrl::emulator::http2
