#pragma once

#include "emulator/net/channel.hpp"
#include "emulator/net/openssl_handle.hpp"

#include <string>

namespace bctrl::emulator {

/// The server's side of a TLS connection.
class tls_channel final : public channel {
public:
    /// @throws std::runtime_error if OpenSSL has no memory
    tls_channel(int socket, SSL_CTX* context);

    io_step shake_hands() override;
    io_step read(std::span<char> into) override;
    io_step write(std::string_view from) override;
    std::string protocol() const override;
    void say_goodbye() override;
    std::string fault() const override { return fault_; }

private:
    io_step unfinished(int result);

    int socket_;
    ssl_handle ssl_;
    std::string fault_;
};

} // namespace bctrl::emulator
