#include "transport/pool/lane_plan.hpp"

#include <algorithm>

namespace bctrl::pool {

namespace {

std::size_t any_of(std::size_t count, randomness& chance) {
    return static_cast<std::size_t>(fraction(chance) * static_cast<double>(count));
}

} // namespace

std::optional<slot_id> lane_plan::take(randomness& chance) {
    if (available_.empty()) return std::nullopt;
    auto const chosen = choose(chance);
    auto const id = available_[chosen];
    auto& taken = slots_[id];
    ++taken.in_use;
    if (!taken.has_room())
        available_.erase(available_.begin() + static_cast<std::ptrdiff_t>(chosen));
    return id;
}

/// Which of those that are available.
std::size_t lane_plan::choose(randomness& chance) const {
    auto const last = available_.size() - 1;
    if (last == 0 || slots_[available_[last]].capacity == 1) return last;
    auto const one = any_of(available_.size(), chance);
    auto const other = any_of(available_.size(), chance);
    auto const use = [this](std::size_t at) { return slots_[available_[at]].in_use; };
    return use(one) <= use(other) ? one : other;
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
    auto const had_room = given.has_room();
    --given.in_use;
    if (given.state == slot_state::draining) return close_if_unused(id);
    if (!reusable) return retire(id);
    if (!had_room && given.has_room()) available_.push_back(id);
    return slot_action::keep;
}

void lane_plan::resize(slot_id id, std::size_t capacity) {
    auto& resized = slots_[id];
    auto const had_room = resized.has_room();
    resized.capacity = capacity;
    if (resized.state != slot_state::open || resized.has_room() == had_room) return;
    if (had_room)
        withdraw(id);
    else
        available_.push_back(id);
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
