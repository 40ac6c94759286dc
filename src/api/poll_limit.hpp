#pragma once

#include "api/shared_poll.hpp"
#include "base/deadline_queue.hpp"
#include "base/stop.hpp"

namespace bctrl {

/// Gives up a poll that is not answered in time. Lives in its frame.
class poll_limit final : private deadline {
public:
    /// @pre a poll of `of` is in flight
    poll_limit(shared_poll& of, stop_signal& stop);

private:
    void expired() noexcept override;

    shared_poll& of_;
    stop_signal& stop_;
};

} // namespace bctrl
