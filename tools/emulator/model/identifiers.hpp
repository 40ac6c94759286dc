#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace bctrl::emulator {

/// Makes random identifiers: UUIDs of version 4 and request ids.
class identifiers {
public:
    explicit identifiers(std::uint64_t seed) : random_{seed} {}

    std::string uuid();
    std::string request_id();

private:
    std::mt19937_64 random_;
};

} // namespace bctrl::emulator
