#pragma once

#include "api/client_core.hpp"
#include "rpc/call.hpp"

#include <bctrl/explanation.hpp>

namespace bctrl::detail {

/// All that `core` has in flight at this moment. On its strand.
rpc::call_outcome<explanation> explain(client_core& core);

} // namespace bctrl::detail
