#pragma once

#include "base/activity.hpp"
#include "base/deadline_queue.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"
#include "transport/carried.hpp"
#include "transport/message.hpp"

#include <cstddef>
#include <optional>

namespace bctrl::pool {

/// Is told what becomes of a connection while nobody acts on it. The connection may be destroyed
/// from within.
class connection_owner {
public:
    /// It shall be closed: it is of no use, or has been idle for too long.
    virtual void idle_ended(std::size_t slot) noexcept = 0;
    /// It carries another number of exchanges, has room again, or takes no more.
    virtual void changed(std::size_t slot) noexcept = 0;

protected:
    ~connection_owner() = default;
};

/// One connection of a lane, whatever version of HTTP it speaks, and what ends it while nobody uses
/// it.
class connection : private deadline {
public:
    explicit connection(scheduler& runs_on) noexcept : scheduler_{runs_on} {}
    virtual ~connection() = default;

    /// From here on `owner` is told.
    virtual void belong_to(connection_owner& owner, std::size_t slot,
                           steady_time retire_at) noexcept;

    /// One exchange. Stopped, it ends at once.
    /// @param request outlives it
    /// @param told    is kept up to date with how far the exchange is
    virtual task<carried> carry(wire_request const& request, stop_signal& stop, activity& told) = 0;

    /// How many exchanges it carries at a time.
    virtual std::size_t capacity() const noexcept = 0;
    /// Whether it takes further exchanges at all.
    virtual bool takes_more() const noexcept { return true; }
    /// How many places that were `held` are free again since this was asked last.
    virtual std::size_t take_given_back() noexcept { return 0; }

    /// Whether it can serve: nothing has come to it while it was idle, its end included.
    virtual bool usable() noexcept = 0;
    /// Whether it has carried all that it may.
    virtual bool used_up() const noexcept { return false; }
    bool too_old(steady_time now) const noexcept { return now >= retire_at_; }

    virtual void begin_use() noexcept { disarm(); }
    /// @param wanted how long it may be idle; it may end sooner
    virtual void begin_idle(milliseconds wanted);

    /// Since when it has been idle, or was when it was used last; nothing if it was opened for its
    /// first use.
    std::optional<steady_time> idle_since() const noexcept { return idle_since_; }

protected:
    bool is_idle() const noexcept { return armed(); }
    void tell_changed() noexcept {
        if (owner_) owner_->changed(slot_);
    }
    void tell_idle_ended() noexcept { owner_->idle_ended(slot_); }

private:
    void expired() noexcept override { tell_idle_ended(); }

    scheduler& scheduler_;
    connection_owner* owner_ = nullptr;
    std::size_t slot_ = 0;
    steady_time retire_at_ = steady_time::max();
    std::optional<steady_time> idle_since_;
};

} // namespace bctrl::pool
