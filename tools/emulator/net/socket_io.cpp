#include "emulator/net/socket_io.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace bctrl::emulator {
namespace {

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

} // namespace

io_step read_socket(int socket, std::span<char> into) {
    auto const count = ::recv(socket, into.data(), into.size(), 0);
    if (count > 0) return {progress_state::done, static_cast<std::size_t>(count)};
    if (count < 0 && would_block()) return {progress_state::needs_read};
    return {progress_state::closed};
}

io_step write_socket(int socket, std::string_view from) {
    auto const count = ::send(socket, from.data(), from.size(), MSG_NOSIGNAL);
    if (count >= 0) return {progress_state::done, static_cast<std::size_t>(count)};
    if (would_block()) return {progress_state::needs_write};
    return {progress_state::closed};
}

} // namespace bctrl::emulator
