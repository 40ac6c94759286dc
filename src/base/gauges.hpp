#pragma once

#include <atomic>
#include <cstdint>

namespace bctrl {

/// How many of each thing are alive. Changed on the client's strand, read from anywhere; shared,
/// because the last wake-up of a socket may be told after its client is gone.
struct gauges {
    std::atomic<std::int64_t> calls{0};       ///< calls that have not completed
    std::atomic<std::int64_t> sockets{0};     ///< open sockets
    std::atomic<std::int64_t> watches{0};     ///< readiness notifications asked of the system
    std::atomic<std::int64_t> dials{0};       ///< connections being opened
    std::atomic<std::int64_t> queued{0};      ///< calls that wait for a connection
    std::atomic<std::int64_t> requests{0};    ///< requests begun since the start
    std::atomic<std::int64_t> connections{0}; ///< connections opened since the start

    // Since the start.
    std::atomic<std::int64_t> calls_succeeded{0};
    std::atomic<std::int64_t> calls_failed{0};
    std::atomic<std::int64_t> calls_cancelled{0};
    std::atomic<std::int64_t> retries{0};        ///< requests that repeat a failed one
    std::atomic<std::int64_t> replays{0};        ///< requests sent anew for a dead kept connection
    std::atomic<std::int64_t> polls{0};          ///< long polls begun
    std::atomic<std::int64_t> slices{0};         ///< long polls held to their end, without an end
    std::atomic<std::int64_t> early_answers{0};  ///< long polls answered early, without an end
    std::atomic<std::int64_t> wait_faults{0};    ///< long polls that a wait lost and lived through
    std::atomic<std::int64_t> polls_shared{0};   ///< waits that joined the polls of another one
    std::atomic<std::int64_t> remote_cancels{0}; ///< cancels sent for abandoned waits
    std::atomic<std::int64_t> remote_cancels_confirmed{0}; ///< of these, taken by the server
    std::atomic<std::int64_t> remote_cancels_failed{0};    ///< of these, refused or unanswered
    std::atomic<std::int64_t> dials_begun{0};
    std::atomic<std::int64_t> dials_failed{0}; ///< for another reason than the client's closing
    std::atomic<std::int64_t> handshakes{0};   ///< of TLS, that succeeded
    std::atomic<std::int64_t> handshakes_resumed{0}; ///< of these, with an earlier session
    std::atomic<std::int64_t> queue_refusals{0}; ///< calls that the queue of a lane had no room for
    std::atomic<std::int64_t> queue_timeouts{0}; ///< calls that waited too long in it
    std::atomic<std::int64_t> bytes_sent{0};     ///< of HTTP, before TLS
    std::atomic<std::int64_t> bytes_received{0}; ///< of HTTP, behind TLS
};

/// Counts one thing while it lives.
class counted {
public:
    explicit counted(std::atomic<std::int64_t>& gauge) noexcept : gauge_{&gauge} {
        gauge_->fetch_add(1, std::memory_order_relaxed);
    }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { gauge_->fetch_sub(1, std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t>* gauge_;
};

} // namespace bctrl
