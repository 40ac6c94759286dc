#pragma once

#include <bctrl/error.hpp>

namespace bctrl::rpc {

/// The error that an answer of this status is; success for 2xx.
error_code error_of_status(int status) noexcept;

} // namespace bctrl::rpc
