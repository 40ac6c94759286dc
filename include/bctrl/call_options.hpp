#pragma once

#include <bctrl/retry_policy.hpp>

#include <chrono>
#include <optional>

namespace bctrl {

struct error_details;
struct wait_account;

// Option types are trivially destructible: g++ 12 destroys aggregates twice that are made inside a
// `co_await` expression, and `co_await api.get(id, {.timeout = 5s})` is how they are written.

/// What one call may do differently from its client's configuration.
struct call_options {
    /// The call's deadline from now, all attempts and pauses included. Not set:
    /// `client_config::call_timeout`.
    std::optional<std::chrono::milliseconds> timeout{};
    /// When and how often to try again, as in `{.retry = retry_policy{.attempts = 1}}`. Not set:
    /// `client_config::retry`.
    std::optional<retry_policy> retry{};
    /// Filled when the call fails, before it completes; must live until then. For completion tokens
    /// that carry an `error_code` only.
    error_details* details = nullptr;
};

/// What becomes of the remote work when its wait is cancelled by its caller. A wait that ends in any
/// other way, the closing of the client included, leaves the work alone.
enum class abandonment : unsigned char {
    leave,          ///< it goes on
    cancel_remote,  ///< the server is asked to cancel it
    cancel_if_last, ///< the server is asked if no other wait of this client waits for the same work
};

/// What one wait may do differently from its client's configuration.
struct wait_options {
    /// How long to wait from now. When it has passed the wait ends with the last state seen and
    /// `timed_out_waiting`. Not set: until the work ends.
    std::optional<std::chrono::milliseconds> within{};
    /// How to wait, as in `{.policy = wait_policy{.slice = 20s}}`. Not set: `client_config::wait`. A
    /// wait with a policy of its own shares its polls with no other. A time in it that is not
    /// positive ends the wait at once with `errc::invalid_argument`.
    std::optional<wait_policy> policy{};
    /// What cancelling the wait means for the work. The cancel is sent behind the caller's back, who
    /// has been told of the end by then: it is bounded by `wait_policy::abandon_timeout`, counted in
    /// `client_stats`, and `error_details::cancel_sent` tells what came of it. `client::close` waits for
    /// it, destroying the client does not.
    abandonment on_abandon = abandonment::leave;
    /// Waits of a client for the same work share one poll, however many they are; each keeps its own
    /// deadline and cancellation. False: this one polls for itself.
    bool share = true;
    /// Filled when the wait fails, before it completes; must live until then.
    error_details* details = nullptr;
    /// Filled when the wait ends in any way, before it completes; must live until then.
    wait_account* account = nullptr;
};

} // namespace bctrl
