#include "api/poll_places.hpp"

#include <algorithm>

namespace bctrl {

namespace {

/// However many short looks come, those who wait for a longer one get every ninth place.
constexpr unsigned most_short_looks_in_a_row = 8;

} // namespace

poll_place::~poll_place() {
    if (!from_) return;
    if (settled_) --from_->settled_;
    from_->give_back();
}

void poll_place::settle() noexcept {
    settled_ = true;
    ++from_->settled_;
}

place_in_queue::place_in_queue(poll_places& in, bool short_look, activity& told, stop_signal& stop)
    : told_{told}, wakes_{in.scheduler_, stop} {
    (short_look ? in.short_looks_ : in.others_).push_back(*this);
    told_.enter(call_phase::queued, in.scheduler_.now());
}

std::optional<poll_place> poll_places::take() noexcept {
    if (!is_free() || !nobody_waits()) return std::nullopt;
    ++taken_;
    return poll_place{*this};
}

std::size_t poll_places::capacity() const noexcept {
    // Somebody has to meet what keeps the connections away.
    return std::max<std::size_t>(transport_.capacity(lane_kind::wait), 1);
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
