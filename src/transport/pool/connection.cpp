#include "transport/pool/connection.hpp"

namespace bctrl::pool {

void connection::begin_use() noexcept {
    disarm();
    stream_->stop_listening(net::direction::read);
    ++uses_;
}

void connection::begin_idle(steady_time until) {
    stream_->runs_on().deadlines().arm(*this, until);
    stream_->listen(net::direction::read, *this);
}

void connection::ready() noexcept {
    // TLS tickets come while a connection is idle; anything else does not belong there.
    char unexpected = 0;
    auto const seen = stream_->try_read({&unexpected, 1});
    if (seen.what == net::transfer::status::want_read) {
        stream_->listen(net::direction::read, *this);
        return;
    }
    owner_.idle_ended(slot_);
}

} // namespace bctrl::pool
