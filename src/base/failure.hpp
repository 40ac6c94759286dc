#pragma once

#include <bctrl/error.hpp>

#include <string>

namespace bctrl {

/// Why a step below a call did not succeed. The call adds what it knows (its name, status, request
/// id) and makes an `error_details` of it.
struct failure {
    failure() = default;
    failure(error_code what, std::string text, error_code below = {})
        : code{what}, message{std::move(text)}, cause{below} {}

    error_code code;     ///< an `errc`, or `operation_aborted`
    std::string message; ///< for people: what was tried and what happened
    error_code cause;    ///< the error of the system or of TLS, if there is one
};

} // namespace bctrl
