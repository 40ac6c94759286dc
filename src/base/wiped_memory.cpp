#include "base/wiped_memory.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace bctrl::wiped_memory {

namespace {

/// In front of each block stands its size; what follows stays aligned for anything.
constexpr std::size_t front = alignof(std::max_align_t);
static_assert(front >= sizeof(std::size_t));

/// Called through a volatile pointer, so that no compiler finds that nobody reads what it writes; many
/// times as quick as OPENSSL_cleanse, and called for every block.
void* (*const volatile overwrite)(void*, int, std::size_t) = &std::memset;

std::byte* begin_of(void* block) noexcept {
    return static_cast<std::byte*>(block) - front;
}

std::size_t size_of(void* block) noexcept {
    std::size_t size = 0;
    std::memcpy(&size, begin_of(block), sizeof size);
    return size;
}

} // namespace

void* take(std::size_t bytes) noexcept {
    if (bytes > std::numeric_limits<std::size_t>::max() - front) return nullptr;
    auto* const begin = static_cast<std::byte*>(std::malloc(front + bytes));
    if (!begin) return nullptr;
    std::memcpy(begin, &bytes, sizeof bytes);
    return begin + front;
}

void* take_zeroed(std::size_t count, std::size_t bytes) noexcept {
    if (bytes != 0 && count > std::numeric_limits<std::size_t>::max() / bytes) return nullptr;
    auto* const block = take(count * bytes);
    if (block) std::memset(block, 0, count * bytes);
    return block;
}

void* resize(void* block, std::size_t bytes) noexcept {
    if (!block) return take(bytes);
    auto* const larger = take(bytes);
    if (!larger) return nullptr;
    std::memcpy(larger, block, std::min(bytes, size_of(block)));
    give_back(block);
    return larger;
}

void give_back(void* block) noexcept {
    if (!block) return;
    overwrite(block, 0, size_of(block));
    std::free(begin_of(block));
}

} // namespace bctrl::wiped_memory
