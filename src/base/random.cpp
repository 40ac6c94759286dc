#include "base/random.hpp"

#include <random>

namespace bctrl {

namespace {

class engine_randomness final : public randomness {
public:
    explicit engine_randomness(std::uint64_t seed) : engine_{seed} {}
    std::uint64_t next() override { return engine_(); }

private:
    std::mt19937_64 engine_;
};

} // namespace

std::shared_ptr<randomness> system_randomness() {
    std::random_device device;
    auto const high = std::uint64_t{device()};
    return seeded_randomness(high << 32U | device());
}

std::shared_ptr<randomness> seeded_randomness(std::uint64_t seed) {
    return std::make_shared<engine_randomness>(seed);
}

double fraction(randomness& source) {
    // 53 bits fill a double's mantissa exactly; standard distributions differ between libraries.
    return static_cast<double>(source.next() >> 11U) * 0x1.0p-53;
}

std::chrono::milliseconds jittered(randomness& source, std::chrono::milliseconds most) {
    auto const part = fraction(source) * static_cast<double>(most.count());
    return std::chrono::milliseconds{static_cast<std::int64_t>(part)};
}

} // namespace bctrl
