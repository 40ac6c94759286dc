#pragma once

#include <chrono>

namespace bctrl {

/// When and how often a call is tried again. A call is sent again only if that can do no harm: it
/// reads, waits or cancels, it carries an idempotency key, or the server provably never processed
/// it.
///
/// Tried again are transport faults and the statuses 408, 429, 500, 502 to 504 and 520 to 524. The
/// pause is drawn evenly between nothing and `base_delay` · 2ⁿ ("full jitter"), `max_delay` at the
/// most; a server's `Retry-After` replaces it.
struct retry_policy {
    unsigned attempts = 4; ///< requests for one call, the first included; 1: never try again
    std::chrono::milliseconds base_delay{250};
    std::chrono::milliseconds max_delay{8'000};
    /// A longer `Retry-After` is not waited for: the error comes back at once and tells it.
    std::chrono::milliseconds max_retry_after{60'000};
};

/// How waits behave.
struct wait_policy {
    /// How long one long poll is held at the most. Proxies tend to cut at 60 s.
    std::chrono::milliseconds slice{50'000};
    /// How much longer than its slice a long poll may take before it counts as lost.
    std::chrono::milliseconds slice_margin{10'000};
    /// The first pause after an answer that came early without an end; it doubles from answer to
    /// answer.
    std::chrono::milliseconds floor{100};
    std::chrono::milliseconds max_floor{5'000};
    /// A wait without a deadline ends with `errc::lost_contact` when no poll was answered for so
    /// long.
    std::chrono::milliseconds lost_contact_after{300'000};
};

} // namespace bctrl
