#include "api/poll_gate.hpp"

#include <algorithm>

namespace bctrl {

poll_turn::poll_turn(poll_gate& gate, stop_signal& stop)
    : gate_{gate}, place_{gate.scheduler_, stop} {
    gate.enqueue(*this);
}

poll_turn::~poll_turn() {
    gate_.leave(*this);
}

void poll_gate::answered() {
    auto const was_out_of_reach = pacing_.out_of_reach();
    pacing_.answered();
    if (was_out_of_reach) serve();
}

void poll_gate::faulted(std::optional<milliseconds> retry_after) {
    pacing_.faulted(scheduler_.now(), retry_after);
}

void poll_gate::enqueue(poll_turn& turn) {
    returning_ = std::max(queue_.empty() ? 0 : returning_, polled_);
    queue_.push_back(turn);
    serve();
}

void poll_gate::leave(poll_turn& turn) noexcept {
    if (!turn.is_linked()) return;
    turn.unlink();
    // An alarm for nobody would keep the context of a closed client running.
    if (queue_.empty()) disarm();
}

void poll_gate::serve() {
    disarm();
    auto const now = scheduler_.now();
    while (!queue_.empty()) {
        auto const next = pacing_.next_turn(returning_);
        if (next > now) {
            scheduler_.deadlines().arm(*this, next);
            return;
        }
        auto& first = queue_.front();
        queue_.pop_front();
        pacing_.turn_taken(next, now);
        first.place_.wake();
    }
}

} // namespace bctrl
