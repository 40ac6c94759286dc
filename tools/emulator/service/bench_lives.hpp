#pragma once

#include "emulator/model/resource.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
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

    /// Those that are to end on request, once.
    std::vector<resource const*> take_held() { return std::exchange(held_, {}); }

    void forget() { held_.clear(); }

private:
    std::unordered_map<std::uint32_t, std::shared_ptr<life const>> lives_{};
    std::vector<resource const*> held_{};
};

} // namespace bctrl::emulator
