#pragma once

#include <bctrl/call_options.hpp>
#include <bctrl/detail/initiate.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {

template <class Resource, class WaitResult>
class durable_api;

namespace detail {
template <class Resource>
struct watched_work;
}

/// How a piece of work is watched.
struct watch_options {
    /// How far apart the state is looked at, while somebody waits for a change. It is asked for with
    /// long polls of this length, so that the end is told at once.
    std::chrono::milliseconds interval{1'000};
    /// How to go through faults: everything but the pace of the polls. Not set: `client_config::wait`.
    std::optional<wait_policy> policy{};
    /// Filled when a `next` fails, before it completes; must live as long as the watch is used. For
    /// completion tokens that carry an `error_code` only.
    error_details* details = nullptr;
};

/// The changes of one piece of durable work until it has ended: of its status, its progress, its current
/// call, and of whether its cancel was requested.
///
///     auto watch = client.operations().watch(id, {.interval = 500ms});
///     while (auto seen = co_await watch.next())
///         std::cout << seen->status.text() << "\n";
///
/// The state is looked at only while `next` waits for a change: a reader that takes its time is given the
/// latest state, without those between, and costs no requests meanwhile. Faults that pass are gone
/// through as by a wait.
/// @par Lifetime  May outlive its client, whose end it notices. Destroying it ends nothing.
/// @par Thread safety  One `next` at a time.
template <class Resource>
class durable_watch {
public:
    /// `other` may only be destroyed or assigned to afterwards.
    durable_watch(durable_watch&& other) noexcept = default;
    durable_watch& operator=(durable_watch&& other) noexcept = default;
    ~durable_watch() = default;

    /// The work as it is now, at first; then whenever it has changed, and for the last time when it has
    /// ended. Nothing after that: `POST /v1/…/{id}/wait`, or `GET /v1/…/{id}` where there is no long poll.
    /// After an error it can be asked again.
    /// @par Completion  `void(error_code, std::optional<Resource>)`
    /// @par Errors  those of `durable_api::wait`; `errc::invalid_argument` for an empty id or an interval
    ///      that is not positive
    /// @par Per-operation cancellation  terminal, partial and total end the call with
    ///      `operation_aborted`; no change is lost.
    template <class Token = throwing_t>
    auto next(Token&& token = {}) {
        return detail::initiate(std::forward<Token>(token), &start_next, core_, details_, work_);
    }

private:
    template <class, class>
    friend class durable_api;
    using core_pointer = std::shared_ptr<detail::client_core>;
    using work_pointer = std::shared_ptr<detail::watched_work<Resource>>;
    durable_watch(core_pointer core, work_pointer work, error_details* details) noexcept
        : core_{std::move(core)}, work_{std::move(work)}, details_{details} {}

    static work_pointer make_work(std::string id, watch_options const& options);
    static void start_next(detail::completion<std::optional<Resource>>, core_pointer, work_pointer);

    core_pointer core_;
    work_pointer work_;
    error_details* details_;
};

using operation_watch = durable_watch<operation>;
using invocation_watch = durable_watch<invocation>;

} // namespace bctrl
