#include "api/wait_plan.hpp"

#include "rpc/retry.hpp"

#include <algorithm>

namespace bctrl {

namespace {

milliseconds left(steady_time until, steady_time now) noexcept {
    return std::chrono::floor<milliseconds>(until - now);
}

/// `base` doubled `times` times, `most` at the most.
milliseconds doubled(milliseconds base, unsigned times, milliseconds most) noexcept {
    for (unsigned n = 0; n < times; ++n) {
        if (base >= most / 2) return most;
        base *= 2;
    }
    return std::min(base, most);
}

} // namespace

milliseconds wait_plan::next_slice(steady_time now) const noexcept {
    auto const slice = until_ ? std::min(policy_.slice, left(*until_, now)) : policy_.slice;
    return std::max(slice, milliseconds{1});
}

milliseconds wait_plan::pause_after_answer(steady_time now, milliseconds held, milliseconds slice) {
    last_contact_ = now;
    faults_ = 0;
    // Clocks and rounding differ between the two sides: nine tenths of a slice is a slice.
    if (held >= slice - slice / 10) {
        early_answers_ = 0;
        return milliseconds{0};
    }
    auto const most = doubled(policy_.floor, early_answers_++, policy_.max_floor);
    // Jitter on the upper half only: the floor is a promise to the server.
    auto const pause = std::max(most / 2 + jittered(random_, most / 2), milliseconds{1});
    return within_deadline(now, pause);
}

std::optional<milliseconds> wait_plan::pause_after_fault(steady_time now,
                                                         std::optional<milliseconds> retry_after) {
    auto const give_up = later(last_contact_, policy_.lost_contact_after);
    if (!until_ && now >= give_up) return std::nullopt;
    auto const most = doubled(retry_.base_delay, faults_++, retry_.max_delay);
    // A server that asks for no pause at all gets one nevertheless.
    auto pause = std::max(jittered(random_, most), milliseconds{1});
    if (retry_after) pause = std::max(pause, std::min(*retry_after, retry_.max_retry_after));
    if (!until_) pause = std::min(pause, std::chrono::ceil<milliseconds>(give_up - now));
    return within_deadline(now, pause);
}

milliseconds wait_plan::within_deadline(steady_time now, milliseconds pause) const noexcept {
    if (!until_) return pause;
    return std::clamp(pause, milliseconds{0},
                      std::max(std::chrono::ceil<milliseconds>(*until_ - now), milliseconds{0}));
}

bool is_passing_fault(error_code code, int status) noexcept {
    if (status >= 500 && status < 600) return true;
    if (status != 0) return rpc::retryable_status(status);
    return rpc::retryable_fault(code) || code == errc::deadline_exceeded ||
           code == errc::queue_full;
}

} // namespace bctrl
