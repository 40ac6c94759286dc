#pragma once

#include <cstddef>

/// The memory of coroutine frames. A call passes through half a dozen of them, and sixty calls begin
/// and end together in one turn: each thread keeps some of those that it gave back, by their size, for
/// the next ones.
namespace bctrl::frame_memory {

/// @throws std::bad_alloc
void* take(std::size_t bytes);

/// @param bytes as when it was taken; by whichever thread
void give_back(void* frame, std::size_t bytes) noexcept;

} // namespace bctrl::frame_memory
