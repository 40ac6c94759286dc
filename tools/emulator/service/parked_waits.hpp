#pragma once

#include "emulator/model/deadline_queue.hpp"
#include "emulator/service/count_condition.hpp"
#include "emulator/service/message.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace bctrl::emulator {

/// The waits that are not answered yet. Each ends exactly once: its callback is called, or it is
/// abandoned. A callback must not come back here.
class parked_waits {
public:
    using ticket = std::uint64_t;
    using callback = std::function<void(wait_end)>;

    ticket add(resource const* target, time_point until, callback resume);

    /// Waits for a number of waits; is none of them itself, nor abandoned ever.
    /// @pre the condition does not hold
    ticket watch(count_condition wanted, time_point until, callback resume);

    /// The client left; a wait is counted as abandoned. A ticket that ended already is ignored.
    void abandon(ticket t);

    /// The wait ends without an answer for another reason. A ticket that ended already is ignored.
    /// @returns whether there was such a wait
    bool withdraw(ticket t);

    /// Answers all waits for a resource that ended.
    void release(resource const* target);

    /// Answers the waits whose time is over.
    void expire(time_point now);

    /// Answers all waits, as their resources are gone.
    void forget_all();

    std::optional<time_point> next_expiry() const { return expiries_.next(); }
    std::size_t size() const { return waits_.size() - watches_.size(); }
    std::uint64_t abandoned() const { return abandoned_; }

private:
    struct wait {
        resource const* target;
        deadline_queue<ticket>::handle expiry;
        callback resume;
    };

    ticket insert(resource const* target, time_point until, callback resume);
    wait take(ticket t);
    void tell_watchers();

    std::unordered_map<ticket, wait> waits_;
    std::unordered_map<resource const*, std::unordered_set<ticket>> by_target_;
    std::unordered_map<ticket, count_condition> watches_;
    deadline_queue<ticket> expiries_;
    ticket last_ticket_ = 0;
    std::uint64_t abandoned_ = 0;
};

} // namespace bctrl::emulator
