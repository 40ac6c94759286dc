// beside_emulator PROGRAM: runs a program that finds the emulator in its environment.

#include <bctrl/emulator/server.hpp>

#include "integration/client_fixture.hpp"
#include "support/child_process.hpp"

#include <iostream>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: beside_emulator PROGRAM\n";
        return 2;
    }
    bctrl::emulator::server const server;
    auto const ended =
        bctrl::test::run_program({.words = {argv[1]},
                                  .environment = {{"BCTRL_API_KEY", bctrl::test::emulator_key},
                                                  {"BCTRL_BASE_URL", server.base_url()}}});
    std::cout << ended.out;
    std::cerr << ended.err;
    return ended.exit_code;
}
