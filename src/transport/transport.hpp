#pragma once

#include "base/activity.hpp"
#include "base/stop.hpp"
#include "base/task.hpp"
#include "transport/message.hpp"

#include <bctrl/explanation.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace bctrl {

/// Is told when a transport can carry more at a time, or less, than before.
class capacity_listener {
public:
    virtual void capacity_changed() noexcept = 0;

protected:
    ~capacity_listener() = default;
};

/// The seam between calls and networks: carries one request to the origin and its answer back.
/// Tests install one that plays a script. Used on the client's strand.
class transport {
public:
    virtual ~transport() = default;

    /// One exchange; ends soon after `stop` is given.
    /// @param request outlives it
    /// @param told is kept up to date with how far the exchange is
    virtual task<exchange_outcome> exchange(wire_request const& request, lane_kind lane,
                                            stop_signal& stop, activity& told) = 0;

    /// How many exchanges a lane carries at a time at the most; more of them queue. Nothing while it
    /// is not known how many one connection carries.
    virtual std::optional<std::size_t> capacity(lane_kind lane) const noexcept = 0;
    /// From here on `listener` is told; nobody if it is null.
    virtual void tell_of_capacity(capacity_listener* listener) noexcept = 0;

    /// What its lanes are doing just now. Tells the calls that wait for a connection their places.
    virtual std::vector<lane_explanation> explain() const = 0;

    /// Closes what is idle and opens nothing more; what is in use closes when it is given back.
    virtual void close() noexcept = 0;

    /// Completes when everything that was open or being opened is gone.
    virtual task<> closed() = 0;

    /// Destroys everything at once, frames included: the execution context is about to vanish.
    virtual void shut_down() noexcept = 0;
};

} // namespace bctrl
