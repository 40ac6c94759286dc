#pragma once

#include <bctrl/ended_work.hpp>
#include <bctrl/failed_step.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <memory>
#include <stdexcept>
#include <string>

namespace bctrl {

/// Whether the work was done, and well.
/// @par Thread safety  Safe from any thread.
bool succeeded(operation const& of) noexcept;
/// @copydoc succeeded(operation const&)
bool succeeded(invocation const& of) noexcept;

/// Whether the work has ended otherwise: it failed, was cancelled, or ran out of its own time. Work that
/// has not ended has not failed.
/// @par Thread safety  Safe from any thread.
bool failed(operation const& of) noexcept;
/// @copydoc failed(operation const&)
bool failed(invocation const& of) noexcept;

/// Work that was expected to have succeeded has not. `what()` tells which, how it ended, and what
/// `explain_failure` has to say of it, for people.
class work_failed : public std::runtime_error {
public:
    /// Where the work stands; no ending if it was not waited for to the end.
    durable_status status() const noexcept { return status_; }

protected:
    work_failed(std::string const& what, durable_status status)
        : std::runtime_error{what}, status_{status} {}

private:
    durable_status status_;
};

/// An operation that was expected to have succeeded has not.
class operation_failed : public work_failed {
public:
    explicit operation_failed(bctrl::operation of);

    /// All of it: `first_failed_step` finds what it failed at.
    bctrl::operation const& operation() const noexcept { return *of_; }

private:
    std::shared_ptr<bctrl::operation const> of_; ///< to copy an exception must not throw
};

/// An invocation that was expected to have succeeded has not.
class invocation_failed : public work_failed {
public:
    explicit invocation_failed(bctrl::invocation of);

    /// All of it: `first_failed_step` finds what it failed at.
    bctrl::invocation const& invocation() const noexcept { return *of_; }

private:
    std::shared_ptr<bctrl::invocation const> of_;
};

/// Gives the work back if it has succeeded.
///
///     auto done = bctrl::expect_succeeded(co_await client.operations().wait(id));
///
/// @throws operation_failed if it has not, or not yet
/// @par Thread safety  Safe from any thread.
operation expect_succeeded(operation of);
/// @copydoc expect_succeeded(operation)
operation expect_succeeded(operation_wait_result seen);

/// Gives the work back if it has succeeded.
/// @throws invocation_failed if it has not, or not yet
/// @par Thread safety  Safe from any thread.
invocation expect_succeeded(invocation of);
/// @copydoc expect_succeeded(invocation)
invocation expect_succeeded(invocation_wait_result seen);

/// Gives the ended work back if it has succeeded.
/// @throws operation_failed or invocation_failed if it has not, or not yet; request_error if the wait
///         for it failed
/// @par Thread safety  Safe from any thread.
ended_work expect_succeeded(ended_work one);

} // namespace bctrl
