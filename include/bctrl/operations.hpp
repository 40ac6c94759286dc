#pragma once

#include <bctrl/durable_api.hpp>
#include <bctrl/operation.hpp>

namespace bctrl {

/// The calls on durable operations, `/v1/operations`: `client::operations()`.
using operations_api = durable_api<operation, operation_wait_result>;

} // namespace bctrl
