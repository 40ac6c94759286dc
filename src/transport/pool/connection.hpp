#pragma once

#include "base/deadline_queue.hpp"
#include "transport/http1/keep_alive.hpp"
#include "transport/net/stream.hpp"

#include <memory>
#include <optional>

namespace bctrl::pool {

/// Is told when an idle connection shall be closed.
class idle_listener {
public:
    virtual void idle_ended(std::size_t slot) noexcept = 0;

protected:
    ~idle_listener() = default;
};

/// One connection and what ends it while nobody uses it: the peer closes it or sends what nobody
/// asked for, or it has been idle for too long.
class connection final : private net::readiness_listener, private deadline {
public:
    connection(std::unique_ptr<net::stream> open, std::size_t slot, idle_listener& owner,
               steady_time retire_at) noexcept
        : stream_{std::move(open)}, slot_{slot}, owner_{owner}, retire_at_{retire_at} {}

    net::stream& stream() noexcept { return *stream_; }

    /// Whether it can serve: nothing has come to it while it was idle, its end included. What did
    /// come would be taken for the answer to the next request.
    bool usable() noexcept { return !armed() || quiet(); }
    bool too_old(steady_time now) const noexcept { return now >= retire_at_; }

    /// How long it may be idle, as the server says it, and how many more requests it may carry.
    /// What the server does not say again goes on to hold.
    void heed(http1::keep_alive_hint const& said) noexcept;
    bool used_up() const noexcept {
        return hint_.requests == 0U || hint_.timeout == milliseconds{0};
    }
    /// `wanted`, or less: a connection is closed here before the server closes it.
    milliseconds idle_time(milliseconds wanted) const noexcept;

    void begin_use() noexcept;
    void begin_idle(steady_time now, steady_time until);

    /// Since when it has been idle, or was when it was used last; nothing if it was opened for its
    /// first use.
    std::optional<steady_time> idle_since() const noexcept { return idle_since_; }

private:
    bool quiet() noexcept;
    void ready() noexcept override;
    void expired() noexcept override { owner_.idle_ended(slot_); }

    std::unique_ptr<net::stream> stream_;
    std::size_t slot_;
    idle_listener& owner_;
    steady_time retire_at_;
    std::optional<steady_time> idle_since_;
    http1::keep_alive_hint hint_;
};

} // namespace bctrl::pool
