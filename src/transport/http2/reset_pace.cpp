#include "transport/http2/reset_pace.hpp"

#include <algorithm>

namespace bctrl::http2 {

void reset_pace::sent(steady_time now) noexcept {
    used_up_to_ = std::max(used_up_to_, now - supply) + interval;
}

} // namespace bctrl::http2
