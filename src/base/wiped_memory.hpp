#pragma once

#include <cstddef>

namespace bctrl::wiped_memory {

/// As `malloc`, `calloc`, `realloc` and `free`, but what is given back is overwritten first: the
/// tables of header compression hold the key.
void* take(std::size_t bytes) noexcept;
void* take_zeroed(std::size_t count, std::size_t bytes) noexcept;
void* resize(void* block, std::size_t bytes) noexcept;
void give_back(void* block) noexcept;

} // namespace bctrl::wiped_memory
