#pragma once

#include "emulator/net/channel.hpp"

#include <span>
#include <string_view>

namespace bctrl::emulator {

/// The native handle of a socket. A write to a peer that left fails and raises no SIGPIPE.
io_step read_socket(int socket, std::span<char> into);
io_step write_socket(int socket, std::string_view from);

} // namespace bctrl::emulator
