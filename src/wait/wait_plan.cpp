#include "wait/wait_plan.hpp"

#include "rpc/retry.hpp"

#include <algorithm>
#include <utility>

namespace bctrl {

namespace {

/// An answer that comes later than so long before the end of a wait finds no room for another poll.
constexpr milliseconds shortest_useful_poll{250};
/// What is kept of the time left, at the most, for the last answer to arrive.
constexpr milliseconds most_kept_back{1'000};
/// The first poll may have to open a connection too.
constexpr milliseconds kept_back_for_first{500};

milliseconds left(steady_time until, steady_time now) noexcept {
    return std::chrono::floor<milliseconds>(until - now);
}

milliseconds last_slice(milliseconds room) noexcept {
    return room - std::min(room / 10, most_kept_back);
}

milliseconds first_slice(milliseconds room) noexcept {
    return std::min(last_slice(room), room - std::min(room / 2, kept_back_for_first));
}

/// `base` grown by half or doubled `times` times, `most` at the most.
milliseconds grown(milliseconds base, unsigned times, milliseconds most, bool by_half) noexcept {
    for (unsigned n = 0; n < times; ++n) {
        if (base >= most / 2) return most;
        base += by_half ? base / 2 : base;
    }
    return std::min(base, most);
}

} // namespace

milliseconds wait_plan::next_slice(steady_time now, poll_bounds const& bounds) {
    auto slice = std::min(terms_.wait.slice, bounds.most);
    if (bounds.spread) {
        auto const part = settled_ ? slice / 20 : slice / 2;
        slice -= jittered(random_, part);
    }
    slice = std::min(slice, last_slice(left(bounds.latest, now)));
    if (bounds.first_answer_by)
        slice = std::min(slice, first_slice(left(*bounds.first_answer_by, now)));
    return std::max(slice, milliseconds{1});
}

milliseconds wait_plan::pause_after_answer(milliseconds held, milliseconds slice) {
    answered();
    last_cut_.reset();
    // Clocks and rounding differ between the two sides: nine tenths of a slice is a slice.
    if (held >= slice - slice / 10) {
        early_answers_ = 0;
        settled_ = true;
        return milliseconds{0};
    }
    auto const floor =
        at_least(grown(terms_.wait.floor, early_answers_, terms_.wait.max_floor, false));
    if (held >= terms_.wait.max_floor) {
        // A server with a shorter limit than our slice holds too.
        early_answers_ = 0;
        return milliseconds{0};
    }
    ++early_answers_;
    return std::max(floor - held, milliseconds{0});
}

milliseconds wait_plan::pause_after_get() {
    answered();
    return at_least(grown(terms_.wait.get_interval, gets_++, terms_.wait.max_get_interval, true));
}

milliseconds wait_plan::pause_after_fault(std::optional<milliseconds> retry_after) {
    settled_ = false;
    auto const& retry = terms_.retry;
    auto const most = grown(retry.base_delay, faults_++, retry.max_delay, false);
    // A server that asks for no pause at all gets one nevertheless.
    auto const pause = std::max(jittered(random_, most), milliseconds{1});
    if (!retry_after) return pause;
    return std::max(pause, std::min(*retry_after, retry.max_retry_after));
}

std::optional<milliseconds> wait_plan::cut(milliseconds held) noexcept {
    return std::exchange(last_cut_, held);
}

milliseconds wait_plan::pause_after_look(milliseconds held, bool first) {
    answered();
    auto const within = terms_.wait.look_within;
    // All that were seen for the first time together must not be seen together for ever.
    auto const pause = first ? jittered(random_, within) : within - jittered(random_, within / 10);
    return std::max({pause - held, terms_.wait.floor - held, milliseconds{0}});
}

void wait_plan::answered() noexcept {
    faults_ = 0;
}

milliseconds wait_plan::at_least(milliseconds interval) {
    return std::min(interval, milliseconds::max() / 2) + jittered(random_, interval / 4);
}

bool is_usable(wait_policy const& policy) noexcept {
    auto const times = {policy.slice,           policy.slice_margin,       policy.floor,
                        policy.max_floor,       policy.lost_contact_after, policy.get_interval,
                        policy.return_within,   policy.max_get_interval,   policy.probe_interval,
                        policy.abandon_timeout, policy.look_within};
    return std::all_of(times.begin(), times.end(), [](auto each) { return each.count() > 0; });
}

bool too_late_to_poll(steady_time now, steady_time until) noexcept {
    return left(until, now) < shortest_useful_poll;
}

bool is_passing_fault(error_code code, int status) noexcept {
    if (status >= 500 && status < 600) return true;
    if (status != 0) return rpc::retryable_status(status);
    return rpc::retryable_fault(code) || code == errc::deadline_exceeded ||
           code == errc::queue_full || code == errc::queue_timeout;
}

bool is_cut(error_code code, int status) noexcept {
    if (status != 0)
        return status == 408 || status == 502 || status == 504 || (status >= 520 && status <= 524);
    return code == errc::connection_lost;
}

} // namespace bctrl
