#pragma once

#include <chrono>
#include <optional>

namespace bctrl {

struct error_details;

// Option types are trivially destructible: g++ 12 destroys aggregates twice that are made inside a
// `co_await` expression, and `co_await api.get(id, {.timeout = 5s})` is how they are written.

/// What one call may do differently from its client's configuration.
struct call_options {
    /// The call's deadline from now, all attempts and pauses included. Not set:
    /// `client_config::call_timeout`.
    std::optional<std::chrono::milliseconds> timeout{};
    /// Requests for this call, the first included. Not set: `retry_policy::attempts`.
    std::optional<unsigned> attempts{};
    /// Filled when the call fails, before it completes; must live until then. For completion tokens
    /// that carry an `error_code` only.
    error_details* details = nullptr;
};

/// What one wait may do differently from its client's configuration.
struct wait_options {
    /// How long to wait from now. When it has passed the wait ends with the last state seen and
    /// `timed_out_waiting`. Not set: until the work ends.
    std::optional<std::chrono::milliseconds> within{};
    /// How long one long poll is held at the most. Not set: `wait_policy::slice`.
    std::optional<std::chrono::milliseconds> slice{};
    /// Filled when the wait fails, before it completes; must live until then.
    error_details* details = nullptr;
};

} // namespace bctrl
