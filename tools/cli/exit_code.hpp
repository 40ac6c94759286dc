#pragma once

#include <bctrl/error.hpp>

namespace bctrl::cli {

/// How the command ends, for scripts.
enum exit_code : int {
    exit_ok = 0,
    exit_not_succeeded = 1, ///< the operation ended failed, cancelled or timed_out
    exit_usage = 2,
    exit_api_error = 3,
    exit_auth = 4,
    exit_not_found = 5,
    exit_network = 6, ///< network, TLS or protocol
    exit_internal = 70,
    exit_output = 74,         ///< what was read could not be written to standard output
    exit_still_running = 124, ///< the time given with --timeout passed
    exit_interrupted = 130,
};

/// The exit code for a call that ended with `code`; `patient` tells that it was a wait with a time
/// set by the user.
int exit_code_of(error_code code, bool patient) noexcept;

} // namespace bctrl::cli
