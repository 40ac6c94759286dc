#include "rpc/budget.hpp"

#include <algorithm>

namespace bctrl::rpc {

void budget::call_succeeded() noexcept {
    tokens_ = std::min(tokens_ + size_.per_call, size_.tokens);
}

bool budget::take(steady_time now) noexcept {
    auto const passed = std::chrono::duration<double>{now - filled_}.count();
    filled_ = now;
    tokens_ = std::min(tokens_ + passed * size_.per_second, size_.tokens);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
}

} // namespace bctrl::rpc
