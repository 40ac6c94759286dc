#pragma once

#include "base/activity.hpp"
#include "base/deadline_queue.hpp"
#include "base/scheduler.hpp"
#include "base/stop.hpp"

namespace bctrl {

/// Gives up a poll that is not answered in time. What it queued for a connection is none of it:
/// nobody was asked yet.
class poll_limit final : private deadline {
public:
    poll_limit(scheduler& runs_on, activity const& told, stop_signal& stop, steady_time asked_until,
               milliseconds margin)
        : scheduler_{runs_on},
          told_{told},
          stop_{stop},
          asked_until_{asked_until},
          margin_{margin} {
        scheduler_.deadlines().arm(*this, end());
    }

private:
    steady_time end() const noexcept {
        if (told_.phase() == call_phase::queued) return later(scheduler_.now(), margin_);
        return later(later(asked_until_, told_.queued()), margin_);
    }
    void expired() noexcept override {
        if (auto const until = end(); until > scheduler_.now())
            scheduler_.deadlines().arm(*this, until);
        else
            stop_.request(stop_reason::timeout);
    }

    scheduler& scheduler_;
    activity const& told_;
    stop_signal& stop_;
    steady_time asked_until_;
    milliseconds margin_;
};

} // namespace bctrl
