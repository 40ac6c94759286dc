#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <bctrl/retry_policy.hpp>

#include <cstddef>
#include <optional>

namespace bctrl {

/// The decisions about all waits of a client together: they must not fall upon a server that has
/// just come back. Knows no network and no timer; it is told what happened and when.
///
/// Polls that follow a fault queue, and leave the queue evenly over `wait_policy::return_within`.
/// When several faults come in a row and no answer between them the server counts as out of reach:
/// then every poll queues, and one after the other may knock, every `wait_policy::probe_interval`,
/// until one is answered.
class pacing {
public:
    pacing(wait_policy const& policy, randomness& chance) noexcept;

    /// A poll was answered; that it was refused for good is an answer too.
    void answered() noexcept;
    /// A poll met a passing fault.
    void faulted(steady_time now, std::optional<milliseconds> retry_after) noexcept;

    /// No poll has been answered for several faults.
    bool out_of_reach() const noexcept { return out_of_reach_; }

    /// Whether a poll has to queue.
    bool must_queue(bool after_fault) const noexcept { return after_fault || out_of_reach_; }

    /// When the first in the queue may go, if `waits` are in flight.
    steady_time next_turn(std::size_t waits) const noexcept;
    /// It goes, at `now`.
    /// @param due when it might have gone
    void turn_taken(steady_time due, steady_time now) noexcept;

private:
    wait_policy policy_;
    randomness& random_;
    steady_time last_turn_{};
    steady_time hold_until_{}; ///< asked for by a server that is out of reach
    milliseconds jitter_{0};
    unsigned faults_in_a_row_ = 0;
    bool out_of_reach_ = false;
};

} // namespace bctrl
