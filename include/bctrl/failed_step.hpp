#pragma once

#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <string>

namespace bctrl {

/// The step that an operation failed at, or null. Points into `of`.
/// @par Thread safety  Safe from any thread.
operation_step_result const* first_failed_step(operation const& of) noexcept;

/// The step that an invocation failed at, or null. Points into `of`.
/// @par Thread safety  Safe from any thread.
step_result const* first_failed_step(invocation const& of) noexcept;

/// Why durable work did not succeed, in some lines for people: the failed step, what was received
/// and what expected, the names that come closest, and the fixes with their examples; without a
/// failed step the error of the work itself. Empty if there is nothing to explain. Each line ends
/// with a line break.
/// @par Thread safety  Safe from any thread.
std::string explain_failure(operation const& of);

/// @copydoc explain_failure(operation const&)
std::string explain_failure(invocation const& of);

} // namespace bctrl
