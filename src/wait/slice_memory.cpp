#include "wait/slice_memory.hpp"

#include <algorithm>

namespace bctrl {

namespace {

/// Shorter slices would cost more than a proxy does. Not more than this: a wait all of whose polls
/// are cut loses contact in the end, with a server that is well.
constexpr milliseconds least_slice{1'000};
constexpr std::chrono::minutes between_trials{10};
/// Networks change; what was true yesterday may be tried again.
constexpr std::chrono::hours remembered{24};
/// A short limit costs many polls, and a trial of it one short poll: it is doubted sooner.
constexpr milliseconds short_limit{10'000};
constexpr std::chrono::hours remembered_if_short{1};
/// A proxy that was changed since is noticed that much later.
constexpr std::chrono::minutes of_late{2};
/// Proxies come with this limit set: one cut after it tells enough.
constexpr milliseconds usual_limit{60'000};
/// Timers of proxies are exact to a second or so, short ones to a tenth.
constexpr milliseconds tolerance{1'000};

bool near(milliseconds a, milliseconds b) noexcept {
    auto const apart = a < b ? b - a : a - b;
    auto const longer = std::max(a, b);
    return apart <= std::max(std::min(tolerance, longer / 10), longer / 20);
}

/// Whether the answer was due before the cut: then the poll was not cut for being held.
bool is_overdue(milliseconds held, milliseconds asked) noexcept {
    return held > asked + asked / 8;
}

} // namespace

milliseconds slice_memory::slice_for(milliseconds wanted, steady_time now) noexcept {
    if (!learned_ || wanted <= *learned_) return wanted;
    if (now < next_trial_) return *learned_;
    // One poll tries; the others stay safe, and the next trial comes later whatever becomes of it.
    next_trial_ = now + between_trials;
    return trial(wanted, now);
}

milliseconds slice_memory::trial(milliseconds wanted, steady_time now) const noexcept {
    auto most = *learned_ + *learned_ / 4;
    auto const believed = ceiling_ < short_limit ? remembered_if_short : remembered;
    if (now - ceiling_seen_ < believed) most = std::min(most, ceiling_ - ceiling_ / 20);
    return std::clamp(most, *learned_, wanted);
}

void slice_memory::cut(milliseconds held, milliseconds asked, std::optional<milliseconds> before,
                       steady_time now) noexcept {
    if (is_overdue(held, asked)) {
        // A gateway that does not reach its server cuts so, whatever is asked.
        if (near(held, ceiling_)) learned_.reset();
        return;
    }
    if (held < least_slice || is_held_longer(held, now)) return;
    auto const limit = (before && near(*before, held)) ||
                       (held >= usual_limit - tolerance && held <= usual_limit + tolerance);
    auto const failed_trial = learned_ && held > *learned_;
    if (!limit && !failed_trial) return;
    ceiling_ = held;
    ceiling_seen_ = now;
    next_trial_ = now + between_trials;
    if (!limit) return;
    auto const safe = std::max(least_slice, held - held / 5);
    learned_ = learned_ ? std::min(*learned_, safe) : safe;
}

bool slice_memory::is_held_longer(milliseconds than, steady_time now) const noexcept {
    return longest_held_ > than + tolerance && now - longest_held_at_ < of_late;
}

void slice_memory::held(milliseconds slice, steady_time now) noexcept {
    if (slice >= longest_held_ || now - longest_held_at_ >= of_late) {
        longest_held_ = slice;
        longest_held_at_ = now;
    }
    if (learned_ && slice > *learned_) learned_ = slice;
}

} // namespace bctrl
