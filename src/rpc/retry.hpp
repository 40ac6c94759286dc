#pragma once

#include "base/random.hpp"
#include "transport/message.hpp"

#include <bctrl/error.hpp>
#include <bctrl/retry_policy.hpp>

#include <chrono>
#include <optional>

namespace bctrl::rpc {

/// Whether an answer of this status may be followed by a better one.
bool retryable_status(int status) noexcept;

/// Whether a failure without an answer may be followed by one.
bool retryable_fault(error_code code) noexcept;

/// Whether the request may be sent again without doing more than sending it once.
bool may_send_again(exchange_failure const& failed, bool replayable) noexcept;

/// The pause in front of attempt `next` (2 is the first retry): full jitter, or what the server
/// asked for.
/// @returns nothing if the server asks for a longer pause than the policy accepts
std::optional<std::chrono::milliseconds> pause_before(
    unsigned next, retry_policy const& policy, std::optional<std::chrono::milliseconds> retry_after,
    randomness& chance);

} // namespace bctrl::rpc
