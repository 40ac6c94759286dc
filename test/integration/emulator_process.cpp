#include "emulator_process.hpp"

#include "emulator_peer.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace bctrl::test {
namespace {

program_start start_of(std::string const& state_file, std::uint16_t port) {
    return {
        .words = {BCTRL_EMULATOR_PROGRAM, "--state", state_file, "--port", std::to_string(port)}};
}

program_start secure_start_of(std::string const& ca_file, std::vector<std::string> const& options) {
    program_start made{
        .words = {BCTRL_EMULATOR_PROGRAM, "--tls", "--write-ca", ca_file, "--port", "0"}};
    made.words.insert(made.words.end(), options.begin(), options.end());
    return made;
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

secure_emulator_process::secure_emulator_process(std::string const& ca_file,
                                                 std::vector<std::string> const& options)
    : process_{secure_start_of(ca_file, options)} {}

std::uint16_t secure_emulator_process::port() const {
    return served_port(process_);
}

} // namespace bctrl::test
