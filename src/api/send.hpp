#pragma once

#include "api/client_core.hpp"
#include "base/task.hpp"
#include "rpc/call.hpp"

#include <bctrl/call_options.hpp>
#include <bctrl/request.hpp>

#include <optional>
#include <string>

namespace bctrl {

/// Why `what` cannot be sent, for people; nothing if it can.
std::optional<std::string> fault_of(request const& what);

/// Makes a call of a request that the user put together.
task<rpc::call_outcome<response>> send_request(detail::client_core& core, stop_signal& stop,
                                               listed_call& call, request what,
                                               call_options options);

} // namespace bctrl
