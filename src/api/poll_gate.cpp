#include "api/poll_gate.hpp"

namespace bctrl {

poll_turn::poll_turn(poll_gate& gate, stop_signal& stop) : place_{gate.scheduler_, stop} {
    gate.enqueue(*this);
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
    queue_.push_back(turn);
    serve();
}

void poll_gate::serve() {
    disarm();
    auto const now = scheduler_.now();
    while (!queue_.empty()) {
        auto const next = pacing_.next_turn(polled_);
        if (next > now) {
            scheduler_.deadlines().arm(*this, next);
            return;
        }
        auto& first = queue_.front();
        queue_.pop_front();
        pacing_.turn_taken(now);
        first.place_.wake();
    }
}

} // namespace bctrl
