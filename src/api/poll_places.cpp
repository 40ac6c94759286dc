#include "api/poll_places.hpp"

#include <algorithm>

namespace bctrl {

namespace {

/// However many short looks come, those who wait for a longer one get every ninth place.
constexpr unsigned most_short_looks_in_a_row = 8;

/// A lane that had no descriptors tells nobody that it has some again.
constexpr milliseconds between_looks{1'000};

} // namespace

void poll_place::give_back() noexcept {
    auto* const from = std::exchange(from_, nullptr);
    if (!from) return;
    if (settled_) --from->settled_;
    from->give_back();
}

void poll_place::settle() noexcept {
    settled_ = true;
    ++from_->settled_;
}

place_in_queue::place_in_queue(poll_places& in, bool short_look, activity& told, stop_signal& stop)
    : in_{in}, told_{told}, wakes_{in.scheduler_, stop} {
    (short_look ? in.short_looks_ : in.others_).push_back(*this);
    if (!in.armed()) in.look_again();
    told_.enter(call_phase::queued, in.scheduler_.now());
}

place_in_queue::~place_in_queue() {
    if (is_linked()) unlink();
    // An alarm for nobody would keep the context of a closed client running.
    if (in_.nobody_waits()) in_.disarm();
}

std::optional<poll_place> poll_places::take() noexcept {
    if (!is_free() || !nobody_waits()) return std::nullopt;
    ++taken_;
    return poll_place{*this};
}

std::size_t poll_places::capacity() const noexcept {
    // Somebody has to meet what keeps the connections away.
    return std::max<std::size_t>(transport_.capacity(lane_kind::wait).value_or(1), 1);
}

void poll_places::explain(std::size_t first) const noexcept {
    for (auto const* const each : {&short_looks_, &others_})
        for (auto const& waiting : *each)
            waiting.told_.take_place(first++);
}

poll_places::queue& poll_places::next_queue() noexcept {
    auto const enough = short_looks_in_a_row_ >= most_short_looks_in_a_row && !others_.empty();
    if (short_looks_.empty() || enough) {
        short_looks_in_a_row_ = 0;
        return others_;
    }
    ++short_looks_in_a_row_;
    return short_looks_;
}

void poll_places::give_back() noexcept {
    --taken_;
    hand_out();
}

void poll_places::look_again() {
    scheduler_.deadlines().arm(*this, later(scheduler_.now(), between_looks));
}

void poll_places::expired() noexcept {
    hand_out();
    if (!nobody_waits()) look_again();
}

void poll_places::hand_out() noexcept {
    while (is_free() && !nobody_waits()) {
        auto& from = next_queue();
        auto& next = from.front();
        from.pop_front();
        ++taken_;
        next.got_.emplace(*this);
        next.wakes_.wake();
    }
}

} // namespace bctrl
