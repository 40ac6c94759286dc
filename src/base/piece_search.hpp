#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bctrl {

/// Finds the first of several texts of the same length in one pass that leaps over most of what it
/// searches (Wu and Manber, "A fast algorithm for multi-pattern searching", 1994).
class piece_search {
public:
    static constexpr std::size_t piece_size = 8;

    /// @param pieces of `piece_size` bytes each; what they refer to outlives this
    explicit piece_search(std::vector<std::string_view> pieces);
    piece_search(piece_search const&) = delete;
    piece_search& operator=(piece_search const&) = delete;
    /// What was made of the pieces tells of them: it is wiped.
    ~piece_search();

    /// Where the first piece begins in `text` from `from` on, or `npos`.
    std::size_t find(std::string_view text, std::size_t from) const noexcept;

private:
    void learn(std::string_view piece) noexcept;

    std::vector<std::string_view> pieces_;
    /// How far the end of a piece is at least behind a pair of bytes, by what is left of the pair.
    std::array<std::uint8_t, 4096> steps_;
};

} // namespace bctrl
