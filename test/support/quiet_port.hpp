#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <fstream>
#include <random>

namespace bctrl::test {

/// The first of the ports that connections are given on their own side: 32768 unless somebody has
/// set it otherwise.
inline unsigned first_ephemeral_port() {
    unsigned first = 0;
    std::ifstream{"/proc/sys/net/ipv4/ip_local_port_range"} >> first;
    constexpr unsigned by_default = 32768, least = 20000;
    return first < least ? by_default : first;
}

inline bool is_free(std::uint16_t port) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor{context};
    boost::system::error_code taken;
    acceptor.open(boost::asio::ip::tcp::v4());
    acceptor.bind({boost::asio::ip::address_v4::loopback(), port}, taken);
    return !taken;
}

/// A port that nobody listens on, and that the system does not choose for others either.
inline std::uint16_t quiet_port() {
    std::random_device random;
    std::uniform_int_distribution<unsigned> any{10'000, first_ephemeral_port() - 1};
    while (true) {
        auto const port = static_cast<std::uint16_t>(any(random));
        if (is_free(port)) return port;
    }
}

} // namespace bctrl::test
