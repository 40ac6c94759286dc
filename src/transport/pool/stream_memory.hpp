#pragma once

#include "transport/transport.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace bctrl::pool {

/// How many exchanges a connection to one origin carried last: what is to be expected of those that
/// are being opened. One lane learns it for all.
class stream_memory {
public:
    stream_memory() = default;
    /// @param at_a_time of every connection there will ever be
    explicit stream_memory(std::size_t at_a_time) noexcept : streams_{at_a_time} {}

    void tell(capacity_listener* listener) noexcept { listener_ = listener; }

    void learn(std::size_t at_a_time) noexcept {
        // That a server allows none for a while tells nothing of its other connections.
        if (at_a_time == 0) return;
        if (std::exchange(streams_, at_a_time) != at_a_time && listener_)
            listener_->capacity_changed();
    }
    /// A dial has failed, so it will not be known for a while: nothing good is expected.
    void learn_nothing() noexcept {
        if (!streams_) learn(1);
    }

    /// Nothing as long as no dial has ended.
    std::optional<std::size_t> known() const noexcept { return streams_; }
    /// Before anything is known one dial is worth waiting for, however many there are to wait.
    std::size_t expected() const noexcept {
        return streams_.value_or(std::numeric_limits<std::size_t>::max());
    }

private:
    std::optional<std::size_t> streams_;
    capacity_listener* listener_ = nullptr;
};

} // namespace bctrl::pool
