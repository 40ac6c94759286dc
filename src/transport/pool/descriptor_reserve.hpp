#pragma once

#include <array>
#include <cstddef>

namespace bctrl::pool {

/// A few descriptors that are held for nothing, so that there are some to give back when all others
/// are taken.
class descriptor_reserve {
public:
    descriptor_reserve() = default;
    descriptor_reserve(descriptor_reserve const&) = delete;
    descriptor_reserve& operator=(descriptor_reserve const&) = delete;
    ~descriptor_reserve() { release(); }

    /// Takes what is missing. False if there are not so many left.
    bool refill() noexcept;

    /// Gives all back; false if there was none.
    bool release() noexcept;

    /// Whether the process, or the machine, has no descriptor left just now.
    static bool none_left() noexcept;

private:
    /// One dial takes one for each address that it races.
    std::array<int, 4> held_{};
    std::size_t count_ = 0;
};

} // namespace bctrl::pool
