#pragma once

#include "base/parking.hpp"
#include "wait/pacing.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>

namespace bctrl {

class poll_gate;

/// Suspends the coroutine that awaits it until it is its turn to poll, or until the signal is given.
class poll_turn : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    poll_turn(poll_gate& gate, stop_signal& stop);
    poll_turn(poll_turn const&) = delete;
    poll_turn& operator=(poll_turn const&) = delete;
    ~poll_turn();

    bool await_ready() const noexcept { return place_.await_ready(); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        place_.await_suspend(awaiting);
    }
    /// True if its turn has come, false if it was stopped before.
    bool await_resume() noexcept { return place_.await_resume(); }

private:
    friend class poll_gate;
    poll_gate& gate_;
    parking place_;
};

/// Where the polls of a client queue that must not all begin at once: the thin side of `pacing`.
class poll_gate : private deadline {
public:
    poll_gate(scheduler& runs_on, wait_policy const& policy) noexcept
        : scheduler_{runs_on}, pacing_{policy, runs_on.random()} {}

    bool must_queue(bool after_fault) const noexcept { return pacing_.must_queue(after_fault); }
    bool out_of_reach() const noexcept { return pacing_.out_of_reach(); }

    void answered();
    void faulted(std::optional<milliseconds> retry_after);

    /// Pieces of work that are polled: the more there are the closer they may follow one another.
    std::size_t polled() const noexcept { return polled_; }
    /// Polls that wait for their turn.
    std::size_t waiting() const noexcept { return queue_.size(); }
    void poll_added() noexcept { ++polled_; }
    void poll_removed() noexcept { --polled_; }

private:
    friend class poll_turn;

    void enqueue(poll_turn& turn);
    void leave(poll_turn& turn) noexcept;
    void expired() noexcept override { serve(); }
    void serve();

    scheduler& scheduler_;
    pacing pacing_;
    boost::intrusive::list<poll_turn, boost::intrusive::constant_time_size<false>> queue_;
    std::size_t polled_ = 0;
    /// The most that were polled since the queue was empty: work that ends as soon as it is polled
    /// again must not slow down the others.
    std::size_t returning_ = 0;
};

} // namespace bctrl
