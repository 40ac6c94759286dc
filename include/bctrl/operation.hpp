#pragma once

#include <bctrl/durable.hpp>
#include <bctrl/json_text.hpp>
#include <bctrl/open_enum.hpp>
#include <bctrl/optional_nullable.hpp>
#include <bctrl/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bctrl {

/// What a step of an operation turned out to call, and on what.
struct operation_resolved {
    std::string call;
    std::optional<std::string> context_id;
    std::optional<std::string> handle_id;
    std::string method;
    std::optional<std::string> page_id;
    std::optional<std::string> ref;
    std::string session_id;
    std::string target;
    std::vector<json_member> other_members;

    friend bool operator==(operation_resolved const&, operation_resolved const&) = default;
};

/// Why a step of an operation failed.
enum class operation_step_error_code {
    unknown,
    unknown_call,
    unknown_ref,
    invalid_args,
    capability_not_available,
    timeout,
    session_not_found,
    driver_not_connected,
    subscription_cursor_conflict,
    subscription_gone,
};

template <>
struct enum_texts<operation_step_error_code> {
    using code = operation_step_error_code;
    static constexpr enum_text<code> all[] = {
        {code::unknown_call, "UNKNOWN_CALL"},
        {code::unknown_ref, "UNKNOWN_REF"},
        {code::invalid_args, "INVALID_ARGS"},
        {code::capability_not_available, "CAPABILITY_NOT_AVAILABLE"},
        {code::timeout, "TIMEOUT"},
        {code::session_not_found, "SESSION_NOT_FOUND"},
        {code::driver_not_connected, "DRIVER_NOT_CONNECTED"},
        {code::subscription_cursor_conflict, "SUBSCRIPTION_CURSOR_CONFLICT"},
        {code::subscription_gone, "SUBSCRIPTION_GONE"},
    };
};

/// The failure of one step of an operation.
struct operation_step_error {
    open_enum<operation_step_error_code> code;
    std::string message;             ///< for people
    std::optional<std::string> hint; ///< what to do about it, for people
    std::optional<bctrl::diagnostic> diagnostic;
    std::vector<json_member> other_members;

    friend bool operator==(operation_step_error const&, operation_step_error const&) = default;
};

/// What became of one step of an operation: it failed if it has an `error`, and otherwise it has
/// `resolved` and `result`. Do not go by `ok`, which proves nothing in this generation of the API.
///
/// The two kinds share one struct, without a variant: in a loop over steps `if (step.error)` says
/// all there is to say, the common members need no visiting, and a failed step may carry a part of
/// the others.
struct operation_step_result {
    std::int64_t index = 0; ///< whether steps are counted from 0 or 1 is not specified
    bool ok = false;
    std::string call;
    std::optional<operation_resolved> resolved;
    json_text result; ///< any JSON, the text `null` included; empty if absent
    std::optional<bctrl::binding> binding;
    std::optional<operation_step_error> error;
    std::vector<json_member> other_members;

    friend bool operator==(operation_step_result const&, operation_step_result const&) = default;
};

/// What an operation has done so far; failed operations may have one as well.
struct operation_result {
    open_enum<step_mode> mode;
    bool ok = false;
    std::string runtime; ///< the alias of the runtime
    std::vector<operation_step_result> steps;
    std::vector<json_member> other_members;

    friend bool operator==(operation_result const&, operation_result const&) = default;
};

/// A durable operation: `GET /v1/operations/{id}`.
struct operation {
    std::string id;
    open_enum<durable_status> status;
    std::string workspace_id;
    std::string runtime; ///< the alias of the runtime
    std::string runtime_id;
    open_enum<bctrl::runtime_kind> runtime_kind;
    timestamp created_at;
    optional_nullable<timestamp> started_at;
    optional_nullable<timestamp> finished_at;
    optional_nullable<timestamp> cancel_requested_at;
    optional_nullable<timestamp> last_heartbeat_at;
    optional_nullable<std::string> current_call;
    optional_nullable<bctrl::progress> progress;
    optional_nullable<operation_result> result;
    optional_nullable<durable_error> error;
    std::vector<json_member> other_members;

    friend bool operator==(operation const&, operation const&) = default;
};

/// What a wait for an operation came back with: `POST /v1/operations/{id}/wait`.
struct operation_wait_result {
    bctrl::operation operation;
    bool timed_out_waiting = false; ///< the wait ran out of time, and the work goes on
    std::vector<json_member> other_members;

    friend bool operator==(operation_wait_result const&, operation_wait_result const&) = default;
};

} // namespace bctrl
