#include "base/stop.hpp"

#include <boost/asio/error.hpp>

namespace bctrl {

error_code stop_error(stop_reason reason) noexcept {
    switch (reason) {
        case stop_reason::deadline:
        case stop_reason::timeout:
            return errc::deadline_exceeded;
        case stop_reason::closed:
            return errc::client_closed;
        case stop_reason::cancelled:
        case stop_reason::none:
            break;
    }
    return boost::asio::error::operation_aborted;
}

stop_signal::stop_signal(stop_signal& parent) noexcept {
    if (parent.requested()) {
        reason_ = parent.reason();
        return;
    }
    parent.listen(*this);
}

void stop_signal::request(stop_reason reason) noexcept {
    if (requested()) return;
    reason_ = reason;
    while (!listeners_.empty()) {
        auto& listener = listeners_.front();
        listeners_.pop_front();
        listener.stop_requested(reason);
    }
}

} // namespace bctrl
