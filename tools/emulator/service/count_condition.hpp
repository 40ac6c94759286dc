#pragma once

#include <cstddef>

namespace bctrl::emulator {

/// That something is at least, or at most, so many.
struct count_condition {
    bool is_minimum;
    std::size_t count;

    bool holds(std::size_t now) const { return is_minimum ? now >= count : now <= count; }
};

} // namespace bctrl::emulator
