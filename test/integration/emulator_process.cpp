#include "emulator_process.hpp"

#include "emulator_peer.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <random>

namespace bctrl::test {
namespace {

program_start start_of(std::string const& state_file, std::uint16_t port) {
    return {
        .words = {BCTRL_EMULATOR_PROGRAM, "--state", state_file, "--port", std::to_string(port)}};
}

/// The first of the ports that connections are given on their own side: 32768 unless somebody has
/// set it otherwise.
unsigned first_ephemeral_port() {
    unsigned first = 0;
    std::ifstream{"/proc/sys/net/ipv4/ip_local_port_range"} >> first;
    constexpr unsigned by_default = 32768, least = 20000;
    return first < least ? by_default : first;
}

bool is_free(std::uint16_t port) {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor{context};
    boost::system::error_code taken;
    acceptor.open(boost::asio::ip::tcp::v4());
    acceptor.bind({boost::asio::ip::address_v4::loopback(), port}, taken);
    return !taken;
}

} // namespace

emulator_process::emulator_process(std::string const& state_file, std::uint16_t port)
    : process_{start_of(state_file, port)} {}

std::uint16_t emulator_process::port() const {
    std::string said;
    auto const serves = [&] {
        said = process_.out();
        return said.find("Ctrl-C") != std::string::npos;
    };
    if (!emulator::eventually([&] { return serves() || process_.has_ended(); }) || !serves()) {
        ADD_FAILURE() << "the emulator does not serve; it said: " << process_.err();
        return 0;
    }
    std::string const host = "http://127.0.0.1:";
    return static_cast<std::uint16_t>(std::stoul(said.substr(said.find(host) + host.size())));
}

void emulator_process::kill() {
    process_.signal(SIGKILL);
    EXPECT_EQ(process_.wait().exit_code, 128 + SIGKILL);
}

ended_process emulator_process::stop() {
    process_.signal(SIGTERM);
    return process_.wait();
}

std::uint16_t quiet_port() {
    std::random_device random;
    std::uniform_int_distribution<unsigned> any{10'000, first_ephemeral_port() - 1};
    while (true) {
        auto const port = static_cast<std::uint16_t>(any(random));
        if (is_free(port)) return port;
    }
}

} // namespace bctrl::test
