#include <bctrl/ended_work.hpp>

namespace bctrl {

durable_status ended_work::status() const noexcept {
    if (auto const* const seen = operation()) return seen->status;
    if (auto const* const seen = invocation()) return seen->status;
    return durable_status::unknown;
}

} // namespace bctrl
