#pragma once

#include "base/clock.hpp"

namespace bctrl {

/// What a call can be doing.
enum class call_phase : unsigned char {
    beginning, ///< nothing was asked of anybody yet
    queued,    ///< waits for a connection
    sending,   ///< its request is being written
    awaiting,  ///< its request is with the server
    pausing,   ///< waits before it tries again
};

/// What one call is doing just now, told by whoever does it, so that a client can be asked about all
/// that it has in flight. Lives in the frame of the call.
class activity {
public:
    void enter(call_phase phase, steady_time now) noexcept {
        phase_ = phase;
        since_ = now;
    }

    call_phase phase() const noexcept { return phase_; }
    steady_time since() const noexcept { return since_; }

private:
    steady_time since_{};
    call_phase phase_ = call_phase::beginning;
};

} // namespace bctrl
