#pragma once

#include "base/scheduler.hpp"

#include <memory>
#include <utility>

namespace bctrl {

/// Something that the system owes the client: moved into the handler that it will call. Counted until
/// it comes, or until it is destroyed because it never will.
class notification {
public:
    explicit notification(scheduler& owed_to) : owed_to_{owed_to.shared_from_this()} {
        owed_to_->notification_owed();
    }
    notification(notification&& other) noexcept = default;
    notification& operator=(notification&&) = delete;
    ~notification() {
        if (owed_to_) owed_to_->notification_dropped();
    }

    /// To be said first of all, on the strand.
    void came() {
        auto const owed_to = std::exchange(owed_to_, nullptr);
        owed_to->notification_came();
    }

private:
    std::shared_ptr<scheduler> owed_to_;
};

/// Suspends the coroutine that awaits it until the system owes nothing any more.
class notifications_come : private resumption {
public:
    explicit notifications_come(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    bool await_ready() const noexcept { return scheduler_.notifications() == 0; }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        suspended = awaiting;
        scheduler_.resume_when_notified(*this);
    }
    void await_resume() noexcept { resumed(); }

private:
    scheduler& scheduler_;
};

} // namespace bctrl
