#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace bctrl::testing {

/// The seed of a random test: the variable BCTRL_TEST_SEED, to see a failure again, else a new one.
/// Tests print it with SCOPED_TRACE.
inline std::uint64_t seed() {
    if (auto const* const given = std::getenv("BCTRL_TEST_SEED")) return std::stoull(given);
    return std::random_device{}();
}

} // namespace bctrl::testing
