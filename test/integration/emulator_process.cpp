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

} // namespace bctrl::test
