#pragma once

#include "base/clock.hpp"
#include "base/stop.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace bctrl::detail {

/// Carries a cancellation from the caller's thread to a call on the client's strand. The caller's
/// slot refers to it weakly: a cancellation that comes late finds nothing, and one that comes
/// before the call has begun is remembered.
class canceller : public std::enable_shared_from_this<canceller> {
public:
    explicit canceller(std::shared_ptr<strand const> runs_on) noexcept
        : strand_{std::move(runs_on)} {}

    /// Installs itself in `slot`. All types of cancellation mean the same: the call ends.
    template <class Slot>
    void listen_to(Slot slot) {
        slot.assign([weak = weak_from_this()](boost::asio::cancellation_type type) {
            if (type == boost::asio::cancellation_type::none) return;
            if (auto const held = weak.lock()) held->cancel();
        });
    }

    /// On the strand: cancellations now reach `call`, until `detach`.
    void attach(stop_signal& call) noexcept {
        call_ = &call;
        if (cancelled_) call.request(stop_reason::cancelled);
    }
    void detach() noexcept { call_ = nullptr; }

private:
    /// From any thread, by one at a time, as slots are used.
    void cancel() {
        if (asked_) return;
        boost::asio::post(*strand_, [self = shared_from_this()] {
            self->cancelled_ = true;
            if (self->call_) self->call_->request(stop_reason::cancelled);
        });
        // Behind it: without memory for that the emitter gets the exception, and may try again.
        asked_ = true;
    }

    std::shared_ptr<strand const> strand_;
    stop_signal* call_ = nullptr;
    bool asked_ = false; ///< by the caller, whose thread alone looks at it
    bool cancelled_ = false;
};

} // namespace bctrl::detail
