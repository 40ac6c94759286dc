#pragma once

#include <bctrl/error.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace bctrl {

/// What a wait has cost, and how well it knew its work at the end: `wait_options::account`. Where
/// waits shared their polls each of them counts those that were made while it waited.
struct wait_account {
    unsigned polls = 0;     ///< requests begun, the one in flight when it joined included
    unsigned faults = 0;    ///< of these, how many met a passing fault
    bool shared = false;    ///< another wait had its part in the polls
    error_code last_fault;  ///< what the last passing fault was; success if there was none
    std::string request_id; ///< of the last answer that told one
    /// How old the last state was that was seen, milliseconds; nothing if none was.
    std::optional<std::chrono::milliseconds> last_seen_age;
};

} // namespace bctrl
