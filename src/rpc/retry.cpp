#include "rpc/retry.hpp"

#include <algorithm>

namespace bctrl::rpc {

bool retryable_status(int status) noexcept {
    switch (status) {
        case 408:
        case 429:
        case 500:
        case 502:
        case 503:
        case 504:
            return true;
        default:
            return status >= 520 && status <= 524;
    }
}

bool retryable_fault(error_code code) noexcept {
    // A certificate does not become right by asking again, nor does an answer that breaks the
    // rules.
    return code == errc::resolve_failed || code == errc::connect_failed ||
           code == errc::connection_lost || code == errc::tls_failed ||
           code == errc::proxy_failed || code == errc::too_many_descriptors;
}

bool may_send_again(exchange_failure const& failed, bool replayable) noexcept {
    // Once a byte was sent nothing proves that the server did not act on it, on a kept connection
    // either: it may have died while it did (RFC 9110, section 9.2.2).
    return replayable || failed.progress == exchange_progress::unsent;
}

std::optional<std::chrono::milliseconds> pause_before(
    unsigned next, retry_policy const& policy, std::optional<std::chrono::milliseconds> retry_after,
    randomness& chance) {
    if (retry_after) {
        if (*retry_after > policy.max_retry_after) return std::nullopt;
        return retry_after;
    }
    // Doubling in steps keeps any policy from overflowing.
    auto most = policy.base_delay;
    for (unsigned n = 2; n < next && most < policy.max_delay; ++n)
        most = most > policy.max_delay / 2 ? policy.max_delay : most * 2;
    return jittered(chance, std::min(most, policy.max_delay));
}

} // namespace bctrl::rpc
