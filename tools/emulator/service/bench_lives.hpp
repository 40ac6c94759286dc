#pragma once

#include "emulator/model/resource.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bctrl::emulator {

/// How an operation lives that is there as soon as somebody asks for it: the last eight hexadecimal
/// digits of its id say after how many milliseconds it ends. `ffffffff` ends on request.
class bench_lives {
public:
    /// Null if the id says nothing.
    std::shared_ptr<life const> life_of(std::string_view id);

    /// Takes note of one that was created with `life_of`.
    void remember(resource const& made);

    /// Those that were to end on request are to end from now on, a portion at a time.
    /// @returns how many
    std::size_t release();

    bool is_releasing() const { return !released_.empty(); }

    /// The next that are to end, once. Not too many: whoever ends a million of them at once is silent
    /// for so long that its clients give it up.
    std::vector<resource const*> take_released();

    void forget();

private:
    std::unordered_map<std::uint32_t, std::shared_ptr<life const>> lives_{};
    std::vector<resource const*> held_{};
    std::deque<resource const*> released_{};
};

} // namespace bctrl::emulator
