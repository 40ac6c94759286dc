#pragma once

#include "emulator/net/socket_io.hpp"

namespace bctrl::emulator {

/// TCP without encryption.
class plain_channel final : public channel {
public:
    explicit plain_channel(int socket) : socket_{socket} {}

    io_step shake_hands() override { return {progress_state::done}; }
    io_step read(std::span<char> into) override { return read_socket(socket_, into); }
    io_step write(std::string_view from) override { return write_socket(socket_, from); }
    std::string protocol() const override { return {}; }
    void say_goodbye() override {}
    std::string fault() const override { return {}; }

private:
    int const socket_;
};

} // namespace bctrl::emulator
