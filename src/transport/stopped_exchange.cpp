#include "transport/stopped_exchange.hpp"

#include <string>

namespace bctrl {

namespace {

char const* doing(call_phase phase) noexcept {
    if (phase == call_phase::reading) return "reading the answer";
    return phase == call_phase::sending ? "sending the request" : "waiting for the answer";
}

} // namespace

failure stopped_exchange(stop_signal const& stop, call_phase phase) {
    return failure{stop_error(stop.reason()), std::string{"stopped while "} + doing(phase)};
}

} // namespace bctrl
