#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

namespace bctrl {

/// Where the library takes chance from: jitter and spreading, nothing secret. Tests install one
/// with a seed.
class randomness {
public:
    virtual ~randomness() = default;
    /// Evenly distributed over all values.
    virtual std::uint64_t next() = 0;
};

/// Seeded from the system, one per client.
std::shared_ptr<randomness> system_randomness();

/// The same sequence for the same seed, on every machine.
std::shared_ptr<randomness> seeded_randomness(std::uint64_t seed);

/// Evenly distributed over [0, 1).
double fraction(randomness& source);

/// Evenly distributed over [0, most): "full jitter".
std::chrono::milliseconds jittered(randomness& source, std::chrono::milliseconds most);

} // namespace bctrl
