#include "transport/pool/connection.hpp"

#include <algorithm>

namespace bctrl::pool {

namespace {

/// The server counts from when it sent the answer, and its news of the end takes a while to come.
constexpr milliseconds closing_margin{1'000};

} // namespace

void connection::heed(http1::keep_alive_hint const& said) noexcept {
    if (hint_.requests) --*hint_.requests;
    if (said.requests) hint_.requests = said.requests;
    if (said.timeout) hint_.timeout = said.timeout;
}

milliseconds connection::idle_time(milliseconds wanted) const noexcept {
    if (!hint_.timeout) return wanted;
    return std::min(wanted, *hint_.timeout - std::min(closing_margin, *hint_.timeout / 2));
}

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
