#include <bctrl/emulator/program.hpp>

int main(int argc, char** argv) {
    return bctrl::emulator::run_program(argc, argv);
}
