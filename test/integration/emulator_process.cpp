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

/// The port that it says to serve on, once it does; 0 if it does not come to that.
std::uint16_t served_port(child_process const& process) {
    std::string said;
    auto const serves = [&] {
        said = process.out();
        return said.find("Ctrl-C") != std::string::npos;
    };
    if (!emulator::eventually([&] { return serves() || process.has_ended(); }) || !serves()) {
        ADD_FAILURE() << "the emulator does not serve; it said: " << process.err();
        return 0;
    }
    std::string const host = "://127.0.0.1:";
    return static_cast<std::uint16_t>(std::stoul(said.substr(said.find(host) + host.size())));
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
    return served_port(process_);
}

void emulator_process::kill() {
    process_.signal(SIGKILL);
    EXPECT_EQ(process_.wait().exit_code, 128 + SIGKILL);
}

ended_process emulator_process::stop() {
    process_.signal(SIGTERM);
    return process_.wait();
}

secure_emulator_process::secure_emulator_process(std::string const& ca_file)
    : process_{{.words = {BCTRL_EMULATOR_PROGRAM, "--tls", "--write-ca", ca_file, "--port", "0"}}} {
}

std::uint16_t secure_emulator_process::port() const {
    return served_port(process_);
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
