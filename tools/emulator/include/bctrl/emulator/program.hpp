#pragma once

namespace bctrl::emulator {

/// The program `bctrl-emulator`: parses the arguments, serves until SIGINT or SIGTERM, and returns
/// the exit code: 0 after a signal, 1 if it cannot serve, 2 if the arguments make no sense.
int run_program(int argc, char const* const* argv);

} // namespace bctrl::emulator
