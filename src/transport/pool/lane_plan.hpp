#pragma once

#include "base/random.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace bctrl::pool {

/// Names one connection of a lane, from the decision to dial it until it is closed; then it is
/// reused.
using slot_id = std::size_t;

enum class slot_state : unsigned char {
    vacant,   ///< no connection
    dialling, ///< being connected
    open,     ///< can serve
    draining, ///< serves what it serves already, and closes then
};

enum class slot_action : unsigned char { keep, close };

/// Whose fault it is that a dial failed.
enum class dial_fault : unsigned char {
    of_peer,        ///< the server's, or that of the way to it: the next dial would meet it too
    of_descriptors, ///< ours: the process has no descriptor left
    of_memory,      ///< ours: there is no memory for a connection
};

/// Who is told that a dial failed, of those who waited already when it began.
enum class dial_news : unsigned char { nobody, oldest, all };

struct lane_limits {
    std::size_t connections; ///< hard maximum, those being dialled included
    std::size_t queue;       ///< calls that may wait for a connection while no more can be dialled
};

/// How the connections of a lane are used at one moment.
struct lane_use {
    std::size_t open = 0;   ///< connections that are open, those that are draining included
    std::size_t in_use = 0; ///< of these, how many carry an exchange
    std::size_t exchanges = 0;
};

/// The decisions of one lane: which connection serves a call, when to dial, when to close. Knows no
/// socket and no clock; who waits, and in which order, is the lane's matter.
class lane_plan {
public:
    explicit lane_plan(lane_limits limits) noexcept : limits_{limits} {}

    /// How many exchanges a connection that is being dialled is expected to carry.
    void expect(std::size_t capacity) noexcept { expected_ = capacity; }

    /// Reserves a place on an open connection. Of those that carry one exchange the one given back
    /// last: the others grow old and close. Of those that carry many the emptier of two chosen at
    /// random, so that the loss of one hurts few.
    std::optional<slot_id> take(randomness& chance);

    /// Whether one more call may wait while `waiting` do. Those for whom a connection is being
    /// dialled, or may still be, are not in the queue.
    bool may_wait(std::size_t waiting) const noexcept {
        auto const to_come = places_on(limits_.connections - occupied_ + dialling_);
        return waiting < to_come || waiting - to_come < limits_.queue;
    }

    /// Whether to dial: more calls wait than the dials under way will serve, and the limit allows it.
    /// After a fault of the peer, or without descriptors, there is one dial at a time until one
    /// succeeds.
    bool wants_dial(std::size_t waiting) const noexcept {
        return waiting > places_on(dialling_) && occupied_ < limits_.connections &&
               (!in_doubt_ || dialling_ == 0);
    }

    /// A slot to dial for, if one is wanted.
    std::optional<slot_id> begin_dial(std::size_t waiting);

    /// The dial has succeeded: the connection serves `capacity` exchanges at a time.
    void dialled(slot_id id, std::size_t capacity);

    /// The connection serves another number of exchanges from now on; those that it serves already
    /// go on.
    void resize(slot_id id, std::size_t capacity);

    /// The dial has failed. While others are under way they may still serve those who wait: it
    /// speaks for one of them. The last of them speaks for all, who would each hear the same of a
    /// dial of their own. Without descriptors those who wait can still get what is open.
    dial_news dial_failed(slot_id id, dial_fault why);

    /// One exchange has ended. Not `reusable`: the connection serves no further one.
    slot_action give_back(slot_id id, bool reusable);

    /// The connection shall serve nothing new: it is idle for too long, or the peer has closed it.
    slot_action retire(slot_id id);

    slot_state state(slot_id id) const noexcept { return slots_[id].state; }
    bool idle(slot_id id) const noexcept { return slots_[id].in_use == 0; }
    /// Connections that are not vacant.
    std::size_t connections() const noexcept { return occupied_; }
    std::size_t dialling() const noexcept { return dialling_; }
    lane_limits const& limits() const noexcept { return limits_; }
    /// Looks at every slot.
    lane_use use() const noexcept;
    std::size_t slots() const noexcept { return slots_.size(); }

private:
    struct slot {
        slot_state state = slot_state::vacant;
        std::size_t capacity = 0;
        std::size_t in_use = 0;

        bool has_room() const noexcept { return in_use < capacity; }
    };

    /// What so many connections are expected to carry.
    std::size_t places_on(std::size_t connections) const noexcept {
        constexpr auto most = std::numeric_limits<std::size_t>::max();
        return connections > 0 && expected_ > most / connections ? most : connections * expected_;
    }
    std::size_t choose(randomness& chance) const;
    slot_id vacant_slot();
    void vacate(slot_id id);
    slot_action close_if_unused(slot_id id);
    void withdraw(slot_id id);

    lane_limits limits_;
    std::vector<slot> slots_;
    std::vector<slot_id> vacant_;
    std::vector<slot_id>
        available_; ///< open slots with a free place, the one given back last at the back
    std::size_t occupied_ = 0;
    std::size_t dialling_ = 0;
    std::size_t expected_ = 1;
    bool in_doubt_ = false; ///< a dial met what others would meet too, and none succeeded since
};

} // namespace bctrl::pool
