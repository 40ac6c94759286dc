#pragma once

#include <chrono>

namespace bctrl {

/// When and how often a call is tried again. A call is sent again only if that can do no harm: it
/// reads, waits or cancels, it carries an idempotency key, or the server provably never processed
/// it.
///
/// Tried again are transport faults but refused certificates (the server's or ours) and proxies that
/// refuse, a lack of descriptors, and the statuses 408, 429, 500, 502 to 504 and 520 to 524. The
/// pause is drawn evenly between nothing and `base_delay` · 2ⁿ ("full jitter"), `max_delay` at the
/// most; a server's `Retry-After` replaces it.
struct retry_policy {
    unsigned attempts = 4; ///< requests for one call, the first included; 1: never try again
    std::chrono::milliseconds base_delay{250};
    std::chrono::milliseconds max_delay{8'000};
    /// A longer `Retry-After` is not waited for: the error comes back at once and tells it.
    std::chrono::milliseconds max_retry_after{60'000};
};

/// How many retries a client makes in all, so that many calls that fail together do not multiply
/// their load. A retry takes one token; without one the error comes back at once. Waits neither
/// fill nor spend the budget: their polls have a pace of their own.
struct retry_budget {
    double tokens = 100;     ///< how many there are at the most, and at first
    double per_call = 0.1;   ///< what each call that succeeds adds
    double per_second = 1.0; ///< what time adds
};

/// How waits behave. Their pauses after a fault are those of `retry_policy`, without its bound on
/// attempts.
struct wait_policy {
    /// How long one long poll is held at the most. Proxies tend to cut at 60 s.
    std::chrono::milliseconds slice{50'000};
    /// How much longer than its slice a long poll may take before it counts as lost.
    std::chrono::milliseconds slice_margin{10'000};
    /// How far apart polls begin at the least while answers come early without an end: this far
    /// first, then twice as far from answer to answer.
    std::chrono::milliseconds floor{100};
    std::chrono::milliseconds max_floor{5'000};
    /// A wait without a deadline ends with `errc::lost_contact` when no poll was answered for so
    /// long.
    std::chrono::milliseconds lost_contact_after{300'000};
    /// The pause between two readings of the state where the server has no long poll (405, 501);
    /// grows by half from reading to reading.
    std::chrono::milliseconds get_interval{500};
    std::chrono::milliseconds max_get_interval{10'000};
    /// Over how long the polls of all waits of a client come back after a fault that befell them
    /// together; few waits take less.
    std::chrono::milliseconds return_within{25'000};
    /// How long work may go unseen while more of it is waited for than there are connections for
    /// waits (`client_limits::wait_connections`): its polls are as short as that takes, or its state
    /// is only read.
    std::chrono::milliseconds look_within{20'000};
    /// How often one wait after the other tries while the server cannot be reached at all.
    std::chrono::milliseconds probe_interval{1'000};
    /// How long a cancel that was promised by `wait_options::on_abandon` may take.
    std::chrono::milliseconds abandon_timeout{5'000};
};

} // namespace bctrl
