#pragma once

#include <bctrl/client.hpp>
#include <bctrl/detail/initiate.hpp>
#include <bctrl/ended_work.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bctrl {

namespace detail {
class wait_set_state;
}

/// How a `wait_set` waits.
struct wait_set_options {
    /// How many works are waited for at a time, at the most; the others queue in the order in which they
    /// were added.
    std::size_t in_flight = 100'000;
    /// As long as so many endings have not been taken no further wait is begun.
    std::size_t most_untaken = 10'000;
    /// An empty set does not end `wait_set::next`: more will be added, until `wait_set::close`.
    bool stays_open = false;
    /// How long each work is waited for, from when its wait begins. When it has passed the work leaves the
    /// set with `ended_work::timed_out_waiting`. Not set: until it ends.
    std::optional<std::chrono::milliseconds> within{};
    /// How each is waited for. Not set: `client_config::wait`.
    std::optional<wait_policy> policy{};
};

/// How many works of a `wait_set` are where.
struct wait_set_counts {
    std::size_t queued = 0;  ///< not waited for yet
    std::size_t waited = 0;  ///< in flight
    std::size_t untaken = 0; ///< ended; `wait_set::next` will tell
};

/// Waits for many works at a time and tells each ending once, as it comes. Works are added and removed at
/// any time, operations and invocations mixed.
///
///     bctrl::wait_set set{client};
///     set.add(bctrl::works_of(bctrl::durable_kind::operation, ids));
///     while (auto ended = co_await set.next())
///         std::cout << ended->work.id << (ended->succeeded() ? " succeeded\n" : " did not\n");
///
/// The failure of one wait is the ending of one work, and never the end of the set. A work is in the set
/// from `add` until its ending is taken or until `remove`; meanwhile adding it again does nothing.
/// Waits for the same work outside of the set share its polls.
/// @par Lifetime  Destroying the set ends its waits; the works go on. The set keeps its client's insides
///      alive, but not its calls: a closed client ends `next` with `errc::client_closed`, and what is
///      still open can be had from `close`.
/// @par Thread safety  Every member function but move and destruction is safe from any thread, and happens
///      in the order of the calls of one thread.
class wait_set {
public:
    /// An empty set. Begins no request.
    explicit wait_set(client const& on, wait_set_options options = {});
    /// `other` may only be destroyed or assigned to afterwards.
    wait_set(wait_set&& other) noexcept;
    wait_set& operator=(wait_set&& other) noexcept;
    ~wait_set();

    /// Adds a work and begins to wait for it, as the options allow. An empty id ends with
    /// `errc::invalid_argument`, as an ending.
    /// @param note comes back with the ending
    void add(work_id work, std::string note = {});
    /// Adds many works, in their order.
    void add(std::vector<work_id> works);

    /// Ceases to wait for a work. Its ending, if there is one that was not taken, is forgotten.
    void remove(work_id work);

    /// The next ending, in the order in which they come; nothing when the set is empty (see
    /// `wait_set_options::stays_open`) or closed. Several may be awaited at a time.
    /// @par Completion  `void(error_code, std::optional<ended_work>)`
    /// @par Errors  `errc::client_closed`, `errc::out_of_memory`
    /// @par Per-operation cancellation  terminal, partial and total end the call with
    ///      `operation_aborted`; no ending is lost.
    template <class Token = throwing_t>
    auto next(Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_next, core_, nullptr, state_);
    }

    /// Ends all waits of the set. `next` then gives nothing. Works whether or not the client is closed.
    /// @returns the works whose ending was not taken, in no order
    /// @par Completion  `void(error_code, std::vector<work_id>)`
    /// @par Per-operation cancellation  None: it waits for nothing.
    template <class Token = throwing_t>
    auto close(Token&& token = {}) const {
        return detail::initiate(std::forward<Token>(token), &start_close, core_, nullptr, state_);
    }

    /// How many works are where, a moment ago.
    wait_set_counts counts() const noexcept;

private:
    using core_pointer = std::shared_ptr<detail::client_core>;
    using state_pointer = std::shared_ptr<detail::wait_set_state>;

    static void start_next(detail::completion<std::optional<ended_work>>, core_pointer,
                           state_pointer);
    static void start_close(detail::completion<std::vector<work_id>>, core_pointer, state_pointer);
    void abandon() noexcept;

    core_pointer core_;
    state_pointer state_;
};

} // namespace bctrl
