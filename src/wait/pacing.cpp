#include "wait/pacing.hpp"

#include <algorithm>
#include <cstdint>

namespace bctrl {

namespace {

/// Fewer may be one poll's bad luck.
constexpr unsigned faults_of_an_outage = 5;
/// However few waits there are, they come back at least so fast.
constexpr milliseconds widest_spacing{100};
/// Alarms ring late by more than many waits are apart: so much of it is made up for.
constexpr milliseconds most_made_up{20};

} // namespace

pacing::pacing(wait_policy const& policy, randomness& chance) noexcept
    : policy_{policy}, random_{chance} {}

void pacing::answered() noexcept {
    faults_in_a_row_ = 0;
    out_of_reach_ = false;
    hold_until_ = {};
}

void pacing::faulted(steady_time now, std::optional<milliseconds> retry_after) noexcept {
    if (++faults_in_a_row_ >= faults_of_an_outage) out_of_reach_ = true;
    // What a server asks of one poll it asks of all, while it answers none.
    if (out_of_reach_ && retry_after) hold_until_ = std::max(hold_until_, later(now, *retry_after));
}

steady_time pacing::next_turn(std::size_t waits) const noexcept {
    if (out_of_reach_)
        return std::max(later(later(last_turn_, policy_.probe_interval), jitter_), hold_until_);
    auto const many = static_cast<std::int64_t>(std::max<std::size_t>(waits, 1));
    // More than the widest spacing for each would be cut down to that anyway.
    std::chrono::microseconds const spread = std::min(policy_.return_within, widest_spacing * many);
    return last_turn_ + spread / many;
}

void pacing::turn_taken(steady_time due, steady_time now) noexcept {
    last_turn_ = std::max(due, now - most_made_up);
    // Clients that lost their server together must not knock together.
    jitter_ = jittered(random_, policy_.probe_interval / 5);
}

} // namespace bctrl
