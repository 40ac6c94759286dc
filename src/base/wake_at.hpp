#pragma once

#include "base/parking.hpp"

namespace bctrl {

/// Wakes a parked coroutine at a point in time, if nothing else has before.
///
///     parking news{scheduler, stop};
///     wake_at limit{news};
///     limit.set(scheduler, when);
///     co_await news;
class wake_at final : private deadline {
public:
    explicit wake_at(parking& place) noexcept : place_{place} {}

    void set(scheduler& runs_on, steady_time when) {
        disarm();
        runs_on.deadlines().arm(*this, when);
    }

private:
    void expired() noexcept override { place_.wake(); }

    parking& place_;
};

} // namespace bctrl
