#pragma once

#include <cstdint>

namespace bctrl {

/// What a client has in hand at one moment, and what it has done so far. The numbers are read one
/// after the other, so a call that begins meanwhile may show in some of them only. Counters never
/// go down.
struct client_stats {
    // Now.
    std::int64_t calls = 0;  ///< calls in flight, waits included
    std::int64_t queued = 0; ///< of these, how many wait for a connection; no waits that take turns
    std::int64_t dials = 0;  ///< connections being opened
    std::int64_t sockets = 0; ///< connections open
    std::int64_t watches = 0; ///< notifications asked of the system for these

    // So far. Calls that began are those in flight and those that ended in one of three ways.
    std::int64_t calls_succeeded = 0;
    std::int64_t calls_failed = 0;
    std::int64_t calls_cancelled = 0; ///< by their callers
    std::int64_t requests = 0;        ///< requests begun
    std::int64_t retries = 0;         ///< of these, how many repeat one that failed; no polls
    /// Of these, how many were sent again at once because the connection, kept from before, turned
    /// out to be dead. They are no attempts: no pause, no retry policy and no budget is about them.
    std::int64_t replays = 0;
    std::int64_t connections = 0; ///< connections opened
    std::int64_t dials_begun = 0;
    std::int64_t dials_failed = 0; ///< dials given up because the client closes are not counted
    std::int64_t handshakes = 0;   ///< TLS handshakes that succeeded
    std::int64_t handshakes_resumed = 0; ///< of these, how many went on with an earlier session
    std::int64_t queue_refusals = 0;     ///< `errc::queue_full`: calls that no queue had room for
    std::int64_t queue_timeouts = 0;     ///< `errc::queue_timeout`: calls that queued for too long
    std::int64_t bytes_sent = 0;         ///< of requests, before encryption
    std::int64_t bytes_received = 0;     ///< of answers, after decryption

    // So far, of waits. A long poll ends the wait, was given up, or is counted as a slice, an early
    // answer or a fault.
    std::int64_t polls = 0;          ///< long polls begun, and readings in their place
    std::int64_t slices = 0;         ///< polls that the server held to their end, without an end
    std::int64_t early_answers = 0;  ///< polls that the server answered early, without an end
    std::int64_t wait_faults = 0;    ///< polls that failed, which the wait lived through
    std::int64_t polls_shared = 0;   ///< waits that joined the polls of another one
    std::int64_t remote_cancels = 0; ///< cancels sent for abandoned waits
    std::int64_t remote_cancels_confirmed = 0; ///< of these, taken by the server
    std::int64_t remote_cancels_failed = 0;    ///< of these, refused or not answered in time

    /// Calls begun so far.
    std::int64_t calls_begun() const noexcept {
        return calls + calls_succeeded + calls_failed + calls_cancelled;
    }
};

} // namespace bctrl
