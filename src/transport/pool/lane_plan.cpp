#include "transport/pool/lane_plan.hpp"

#include <algorithm>

namespace bctrl::pool {

std::optional<slot_id> lane_plan::take() {
    if (available_.empty()) return std::nullopt;
    auto const id = available_.back();
    auto& taken = slots_[id];
    if (++taken.in_use == taken.capacity) available_.pop_back();
    return id;
}

std::optional<slot_id> lane_plan::begin_dial(std::size_t waiting) {
    if (!wants_dial(waiting)) return std::nullopt;
    auto const id = vacant_slot();
    slots_[id] = slot{slot_state::dialling};
    ++occupied_;
    ++dialling_;
    return id;
}

void lane_plan::dialled(slot_id id, std::size_t capacity) {
    --dialling_;
    in_doubt_ = false;
    slots_[id] = slot{slot_state::open, capacity};
    available_.push_back(id);
}

dial_news lane_plan::dial_failed(slot_id id, dial_fault why) {
    --dialling_;
    vacate(id);
    switch (why) {
        case dial_fault::of_peer:
            in_doubt_ = true;
            return dialling_ > 0 ? dial_news::oldest : dial_news::all;
        case dial_fault::of_descriptors:
            in_doubt_ = true;
            return occupied_ > 0 ? dial_news::nobody : dial_news::all;
        case dial_fault::of_memory:
            break;
    }
    return dial_news::oldest;
}

slot_action lane_plan::give_back(slot_id id, bool reusable) {
    auto& given = slots_[id];
    auto const was_full = given.in_use == given.capacity;
    --given.in_use;
    if (given.state == slot_state::draining) return close_if_unused(id);
    if (!reusable) {
        if (!was_full) withdraw(id);
        given.state = slot_state::draining;
        return close_if_unused(id);
    }
    if (was_full) available_.push_back(id);
    return slot_action::keep;
}

slot_action lane_plan::retire(slot_id id) {
    auto& retired = slots_[id];
    if (retired.state == slot_state::draining) return slot_action::keep;
    withdraw(id);
    retired.state = slot_state::draining;
    return close_if_unused(id);
}

lane_use lane_plan::use() const noexcept {
    lane_use seen;
    for (auto const& each : slots_) {
        if (each.state != slot_state::open && each.state != slot_state::draining) continue;
        ++seen.open;
        if (each.in_use > 0) ++seen.in_use;
        seen.exchanges += each.in_use;
    }
    return seen;
}

slot_id lane_plan::vacant_slot() {
    if (vacant_.empty()) {
        // Giving back must not need memory: there is room for every slot before it is used.
        vacant_.reserve(slots_.size() + 1);
        available_.reserve(slots_.size() + 1);
        slots_.emplace_back();
        return slots_.size() - 1;
    }
    auto const id = vacant_.back();
    vacant_.pop_back();
    return id;
}

void lane_plan::vacate(slot_id id) {
    slots_[id] = slot{};
    vacant_.push_back(id);
    --occupied_;
}

slot_action lane_plan::close_if_unused(slot_id id) {
    if (slots_[id].in_use > 0) return slot_action::keep;
    vacate(id);
    return slot_action::close;
}

void lane_plan::withdraw(slot_id id) {
    auto const found = std::find(available_.begin(), available_.end(), id);
    if (found != available_.end()) available_.erase(found);
}

} // namespace bctrl::pool
