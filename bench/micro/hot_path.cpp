// Runs one hot path so many times: for counting its instructions.
//
//     bctrl-hot-path            (names them all)
//     bctrl-hot-path NAME N
#include "micro/subjects.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

namespace {

int run(std::string_view name, long rounds) {
    for (auto const& each : bctrl::bench::subjects()) {
        if (each.name != name) continue;
        auto const round = each.prepare();
        for (long n = 0; n < rounds; ++n)
            round();
        return 0;
    }
    std::cerr << "bctrl-hot-path: there is no \"" << name << "\"\n";
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 3) return run(argv[1], std::atol(argv[2]));
        for (auto const& each : bctrl::bench::subjects())
            std::cout << each.name << '\n';
        return argc == 1 ? 0 : 2;
    } catch (std::exception const& e) {
        std::cerr << "bctrl-hot-path: " << e.what() << '\n';
        return 1;
    }
}
