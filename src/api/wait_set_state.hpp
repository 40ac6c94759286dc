#pragma once

#include "api/set_member.hpp"
#include "base/parking.hpp"

#include <bctrl/call_options.hpp>
#include <bctrl/ended_work.hpp>
#include <bctrl/wait_set.hpp>

#include <boost/intrusive/list.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace bctrl::detail {

class client_core;

/// All that lives behind a `wait_set`, and behind a wait for some of many. Owned by those and by every wait
/// in flight, all of which keep the core alive as well. Used on the client's strand, but for `counts`.
class wait_set_state : public std::enable_shared_from_this<wait_set_state> {
public:
    /// @param on_removal what becomes of the remote work that is waited for no more, see `close`
    wait_set_state(client_core& core, wait_set_options const& options,
                   abandonment on_removal = abandonment::leave);
    wait_set_state(wait_set_state const&) = delete;
    wait_set_state& operator=(wait_set_state const&) = delete;
    ~wait_set_state();

    void add(work_id const& work, std::string_view note);
    void remove(work_id const& work);

    /// The next ending, if there is one.
    std::unique_ptr<ended_work> take();
    /// Nothing will ever end here any more.
    bool is_over() const noexcept;
    /// Wakes `place`, once, when there is an ending to take or none to come. Forgotten then.
    void await_change(parking& place) { awaiting_.push_back(&place); }
    void forget(parking& place) noexcept { std::erase(awaiting_, &place); }

    /// Stops every wait, for good. Those stopped as `cancelled` have been abandoned by their caller.
    /// @returns the works whose ending was not taken
    std::vector<work_id> close(stop_reason why = stop_reason::cancelled);

    /// The wait for `member` has ended; nothing if there was no memory to tell how.
    void ended(set_member& member, std::unique_ptr<ended_work> how) noexcept;

    /// From any thread.
    wait_set_counts counts() const noexcept;

private:
    using index = std::unordered_set<std::unique_ptr<set_member>, hash_of_member, same_member>;
    using members = boost::intrusive::list<set_member>;

    void begin_waits() noexcept;
    void begin_wait(set_member& next);
    void queue(set_member& member) noexcept;
    void drop(index::iterator which, stop_reason why = stop_reason::cancelled);
    void wake_one() noexcept;
    void wake_all() noexcept;
    void publish() noexcept;

    client_core& core_;
    wait_set_options const options_;
    abandonment const on_removal_;
    index index_;
    members queued_;
    members untaken_;
    std::size_t waited_ = 0;
    /// Removed, and kept until their waits have ended.
    std::unordered_map<set_member const*, std::unique_ptr<set_member>> leaving_;
    std::vector<parking*> awaiting_;
    bool closed_ = false;

    std::atomic<std::size_t> queued_count_{0};
    std::atomic<std::size_t> waited_count_{0};
    std::atomic<std::size_t> untaken_count_{0};
};

/// Forgets a place that awaits a change, when this ends.
class awaiting_change {
public:
    awaiting_change(wait_set_state& of, parking& place) : of_{of}, place_{place} {
        of.await_change(place);
    }
    awaiting_change(awaiting_change const&) = delete;
    awaiting_change& operator=(awaiting_change const&) = delete;
    ~awaiting_change() { of_.forget(place_); }

private:
    wait_set_state& of_;
    parking& place_;
};

} // namespace bctrl::detail
