#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"

#include <bctrl/error.hpp>
#include <bctrl/retry_policy.hpp>

#include <optional>

namespace bctrl {

/// What the waits on one piece of work were asked to do.
struct wait_terms {
    wait_policy wait;
    retry_policy retry;
};

/// What bounds the length of a poll from outside.
struct poll_bounds {
    milliseconds most; ///< what the way to the server is known to hold, or what is asked of a probe
    steady_time latest; ///< nobody waits beyond
    /// Somebody who has seen no state yet waits no longer.
    std::optional<steady_time> first_answer_by{};
    bool spread = false; ///< other waits poll too: the ends of slices should not fall together
};

/// The decisions of the polls on one piece of work: how long each is to be held, and how long to
/// pause behind it. Knows no network and no timer; it is told what happened and when.
class wait_plan {
public:
    /// @param terms live at least as long
    wait_plan(wait_terms const& terms, randomness& chance) noexcept
        : terms_{terms}, random_{chance} {}

    /// How long the next poll asks to be held. At least 1 ms; less than the time left by what the
    /// answer needs to arrive.
    milliseconds next_slice(steady_time now, poll_bounds const& bounds);

    /// A poll was answered without an end. Polls begin no closer together than a floor, which grows
    /// while answers come early: no server can make us spin. One that was held is followed at once.
    milliseconds pause_after_answer(milliseconds held, milliseconds slice);

    /// A state was read without being held at all: the server knows no long polls.
    milliseconds pause_after_get();

    /// A state was only read because works outnumber connections, and is to be read again.
    /// @param held  how long the reading took
    /// @param first nobody had seen the work before
    milliseconds pause_after_look(milliseconds held, bool first);

    /// A poll met a passing fault.
    milliseconds pause_after_fault(std::optional<milliseconds> retry_after);

    /// A poll was cut after `held`. Returns after what time the one before it was, if it was cut.
    std::optional<milliseconds> cut(milliseconds held) noexcept;

    /// The last poll met a fault.
    bool after_fault() const noexcept { return faults_ > 0; }

private:
    void answered() noexcept;
    /// Jitter upwards only: an interval is a promise to the server.
    milliseconds at_least(milliseconds interval);

    wait_terms const& terms_;
    randomness& random_;
    std::optional<milliseconds> last_cut_;
    unsigned early_answers_ = 0;
    unsigned gets_ = 0;
    unsigned faults_ = 0;
    bool settled_ = false; ///< a slice was held: the next ones need not be spread any more
};

/// Whether all times of `policy` are positive: with others waits would spin, or never be answered.
bool is_usable(wait_policy const& policy) noexcept;

/// Whether no poll is worth while any more: its answer could hardly arrive in time.
bool too_late_to_poll(steady_time now, steady_time until) noexcept;

/// Whether a poll that failed so may be followed by one that does not.
bool is_passing_fault(error_code code, int status) noexcept;

/// Whether a poll that failed so was cut on its way, perhaps for having been held too long.
bool is_cut(error_code code, int status) noexcept;

/// Whether a server that answers so has no long poll to offer.
constexpr bool is_long_poll_missing(int status) noexcept {
    return status == 405 || status == 501;
}

} // namespace bctrl
