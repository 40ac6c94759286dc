#include "transport/pool/connection.hpp"

namespace bctrl::pool {

void connection::begin_use() noexcept {
    disarm();
    stream_->stop_listening(net::direction::read);
}

void connection::begin_idle(steady_time now, steady_time until) {
    idle_since_ = now;
    stream_->runs_on().deadlines().arm(*this, until);
    stream_->listen(net::direction::read, *this);
}

bool connection::quiet() noexcept {
    // TLS tickets come while a connection is idle; anything else does not belong there.
    char unexpected = 0;
    return stream_->try_read({&unexpected, 1}).what == net::transfer::status::want_read;
}

void connection::ready() noexcept {
    if (quiet()) {
        stream_->listen(net::direction::read, *this);
        return;
    }
    owner_.idle_ended(slot_);
}

} // namespace bctrl::pool
