#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <bctrl/error.hpp>
#include <bctrl/retry_policy.hpp>

#include <optional>

namespace bctrl {

/// The decisions of one wait: how long to poll, how long to pause, when to give up. Knows no
/// network and no timer; it is told what happened and when.
class wait_plan {
public:
    /// @param until the caller's deadline, if there is one
    wait_plan(wait_policy const& policy, retry_policy const& retry,
              std::optional<steady_time> until, steady_time now, randomness& chance) noexcept
        : policy_{policy}, retry_{retry}, until_{until}, last_contact_{now}, random_{chance} {}

    /// How long the next poll asks to be held: the slice or the time left, at least 1 ms.
    milliseconds next_slice(steady_time now) const noexcept;

    /// The caller's time is up.
    bool over(steady_time now) const noexcept { return until_ && now >= *until_; }

    /// A poll was answered without an end. What came early proves nothing, so that the next one
    /// waits: no server can make us spin. One that was held for its slice is followed at once.
    milliseconds pause_after_answer(steady_time now, milliseconds held, milliseconds slice);

    /// A poll found a passing fault. Nothing if the wait is lost: no contact for too long.
    std::optional<milliseconds> pause_after_fault(steady_time now,
                                                  std::optional<milliseconds> retry_after);

private:
    milliseconds within_deadline(steady_time now, milliseconds pause) const noexcept;

    wait_policy policy_;
    retry_policy retry_;
    std::optional<steady_time> until_;
    steady_time last_contact_;
    randomness& random_;
    unsigned early_answers_ = 0;
    unsigned faults_ = 0;
};

/// Whether a poll that failed so may be followed by one that does not.
bool is_passing_fault(error_code code, int status) noexcept;

} // namespace bctrl
