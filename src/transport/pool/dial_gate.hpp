#pragma once

#include "base/scheduler.hpp"
#include "transport/pool/dial_pace.hpp"

#include <array>

namespace bctrl::pool {

/// Is told when to ask for a dial again.
class dial_listener {
public:
    virtual void may_dial() noexcept = 0;

protected:
    ~dial_listener() = default;
};

/// Where the lanes of an origin ask for their dials: the thin side of `dial_pace`. Calls that are
/// answered at once go first.
class dial_gate final : private deadline {
public:
    dial_gate(scheduler& runs_on, dial_limits limits) noexcept
        : scheduler_{runs_on}, pace_{limits, runs_on.now()} {}

    /// True: a dial for `which` begins now, and `ended` is said behind it. False: `who` is told when
    /// to ask again.
    bool admit(lane_kind which, dial_listener& who);
    void ended(lane_kind which) noexcept;

    /// Whoever asked for `which` does so no more.
    void forget(lane_kind which) noexcept;

private:
    dial_listener*& asking(lane_kind which) noexcept {
        return asking_[static_cast<std::size_t>(which)];
    }
    void expired() noexcept override { tell(); }
    void tell() noexcept;
    void tell_at(steady_time when);

    scheduler& scheduler_;
    dial_pace pace_;
    std::array<dial_listener*, 2> asking_{};
};

} // namespace bctrl::pool
