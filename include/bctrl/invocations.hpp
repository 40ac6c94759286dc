#pragma once

#include <bctrl/durable_api.hpp>
#include <bctrl/invocation.hpp>

namespace bctrl {

/// The calls on durable invocations, `/v1/invocations`: `client::invocations()`.
using invocations_api = durable_api<invocation, invocation_wait_result>;

} // namespace bctrl
