// Shows a fuzz target every input of some folders, once. It stands in for libFuzzer where the compiler has none, so
// that every build sees that what was found once stays mended.

#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputs_in(fs::path const& folder) {
    std::vector<fs::path> found;
    for (auto const& each : fs::directory_iterator{folder})
        if (each.is_regular_file()) found.push_back(each.path());
    if (found.empty()) throw std::runtime_error{"no input in " + folder.string()};
    std::sort(found.begin(), found.end());
    return found;
}

std::string content_of(fs::path const& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw std::runtime_error{"cannot read " + path.string()};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void replay(fs::path const& path) {
    // Said before: a finding ends the program.
    std::cout << path.filename().string() << std::endl;
    auto const content = content_of(path);
    LLVMFuzzerTestOneInput(reinterpret_cast<unsigned char const*>(content.data()), content.size());
}

} // namespace

int main(int argc, char** argv) {
    try {
        if (argc < 2) throw std::runtime_error{"which folders?"};
        for (int n = 1; n < argc; ++n)
            for (auto const& each : inputs_in(argv[n]))
                replay(each);
    } catch (std::exception const& e) {
        std::cerr << "replay: " << e.what() << "\n";
        return 1;
    }
    return 0;
}
