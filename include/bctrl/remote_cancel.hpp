#pragma once

#include <atomic>

namespace bctrl {

/// How far a cancel is that was sent for an abandoned wait.
enum class remote_cancel_state : unsigned char {
    under_way,  ///< not answered yet
    confirmed,  ///< the server has taken the request; the work may still end otherwise
    refused,    ///< the server has refused it for good: the work has ended or is not known
    unanswered, ///< no answer in time: the server may have acted on it or not
};

/// The cancel that was sent when a wait was abandoned (`wait_options::on_abandon`). The wait has
/// ended before the server can answer; here the answer can be read later.
/// @par Thread safety  Safe from any thread.
class remote_cancel {
public:
    remote_cancel_state state() const noexcept { return state_.load(std::memory_order_acquire); }

    /// For the library.
    void settle(remote_cancel_state state) noexcept {
        state_.store(state, std::memory_order_release);
    }

private:
    std::atomic<remote_cancel_state> state_{remote_cancel_state::under_way};
};

} // namespace bctrl
