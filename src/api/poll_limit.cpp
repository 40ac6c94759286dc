#include "api/poll_limit.hpp"

namespace bctrl {

poll_limit::poll_limit(shared_poll& of, stop_signal& stop) : of_{of}, stop_{stop} {
    of_.runs_on().deadlines().arm(*this, of_.latest_answer());
}

void poll_limit::expired() noexcept {
    auto& runs_on = of_.runs_on();
    if (auto const until = of_.latest_answer(); until > runs_on.now())
        runs_on.deadlines().arm(*this, until);
    else
        stop_.request(stop_reason::timeout);
}

} // namespace bctrl
