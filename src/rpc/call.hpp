#pragma once

#include "base/outcome.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"
#include "rpc/budget.hpp"
#include "transport/transport.hpp"

#include <bctrl/error.hpp>
#include <bctrl/retry_policy.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl::rpc {

/// Why a call has no value, ready for the caller.
struct call_failure {
    error_code code;
    std::shared_ptr<error_details> details;
};

template <class T>
using call_outcome = outcome<T, call_failure>;

/// What a call is, apart from when it must end.
struct call : call_subject {
    wire_request request;
};

/// Where calls go, and how.
class endpoint {
public:
    /// @param url the origin and path prefix in front of every target, for error texts
    /// @param retries_in_all bounds the retries of all calls together
    endpoint(scheduler& runs_on, transport& carrier, std::string url,
             retry_budget const& retries_in_all) noexcept
        : scheduler_{runs_on},
          transport_{carrier},
          url_{std::move(url)},
          budget_{retries_in_all, runs_on.now()} {}

    /// One request, never sent again.
    /// @param what outlives it
    task<exchange_outcome> send(call const& what, stop_signal& stop, activity& told) {
        return transport_.exchange(what.request, what.lane, stop, told);
    }
    /// What came of it: an answer with a 2xx status; any other one is a failure.
    /// @param attempt counts from 1, for the details of a failure
    call_outcome<wire_response> take(call const& what, unsigned attempt,
                                     exchange_outcome answer) const;

    /// As many requests as `policy` allows until there is an answer.
    /// @param until when `stop` will be given for the deadline: no pause reaches beyond it
    task<call_outcome<wire_response>> with_retry(call const& what, retry_policy policy,
                                                 std::optional<steady_time> until,
                                                 stop_signal& stop, activity& told);

    /// A failure of `what` that no exchange is to blame for.
    call_failure fail(call const& what, error_code code, std::string message) const;

    scheduler& runs_on() const noexcept { return scheduler_; }

private:
    std::shared_ptr<error_details> details_of(call const& what, unsigned attempt) const;
    call_failure no_answer(call const& what, unsigned attempt, exchange_failure failed) const;
    call_failure refusal(call const& what, unsigned attempt, wire_response const& answer) const;

    scheduler& scheduler_;
    transport& transport_;
    std::string url_;
    budget budget_;
};

} // namespace bctrl::rpc
