#pragma once

#include "api/poll_gate.hpp"
#include "api/poll_places.hpp"
#include "api/shared_poll.hpp"
#include "base/task_scope.hpp"
#include "rpc/call.hpp"
#include "wait/crowd.hpp"
#include "wait/slice_memory.hpp"

#include <bctrl/explanation.hpp>
#include <bctrl/remote_cancel.hpp>

#include <boost/intrusive/set.hpp>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bctrl {

namespace detail {
class client_core;
} // namespace detail

/// What all waits of one client have in common: who polls for what, what was learned about the way
/// to the server, when polls may begin, and the cancels that outlive their waits.
class wait_desk {
public:
    explicit wait_desk(detail::client_core& core);

    detail::client_core& core() noexcept { return core_; }
    poll_gate& gate() noexcept { return gate_; }
    poll_places& places() noexcept { return places_; }
    slice_memory& slices() noexcept { return slices_; }
    /// How polls share the connections just now.
    crowd crowding() const noexcept {
        // As long as the number of places is not known there is no crowd.
        auto const places = places_.is_known() ? places_.capacity() : no_limit;
        return {gate_.polled(), places, places_.settled()};
    }

    /// The poll that a new wait may join; null if there is none.
    shared_poll* open_poll(std::string_view kind, std::string const& id) noexcept;
    void enter(shared_poll& poll) { polls_.insert(poll); }
    /// Whether any wait is waiting for this work.
    bool is_waited_for(std::string_view kind, std::string const& id) const noexcept;

    /// The server has no long poll of this kind; asked again after a while.
    void long_poll_is_missing(std::string_view kind);
    bool has_long_poll(std::string_view kind) const noexcept;

    /// Tells the polls that wait for a place in which, from `first_place` on.
    waits_explanation explain(std::size_t first_place) const;

    /// Where the polls run.
    task_scope& running() noexcept { return running_; }

    /// Sends the cancel `what`, or names the one that is under way for the same work.
    std::shared_ptr<remote_cancel const> cancel_remotely(rpc::call what, milliseconds within);
    task_scope& cancels() noexcept { return cancels_; }

private:
    task<> send_cancel(rpc::call what, milliseconds within, std::shared_ptr<remote_cancel> told);

    struct by_work;

    static constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

    detail::client_core& core_;
    poll_gate gate_;
    poll_places places_;
    slice_memory slices_;
    boost::intrusive::multiset<shared_poll, boost::intrusive::constant_time_size<false>> polls_;
    std::map<std::string_view, steady_time> no_long_poll_since_;
    std::map<std::string, std::shared_ptr<remote_cancel>> cancels_under_way_; ///< by target
    task_scope running_;
    task_scope cancels_;
};

} // namespace bctrl
