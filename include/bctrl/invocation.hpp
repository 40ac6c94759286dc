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

/// What a step of an invocation turned out to call, and on what.
struct resolved {
    std::string call;
    std::optional<std::string> context_id;
    std::optional<std::string> handle_id;
    std::string method;
    std::optional<std::string> page_id;
    std::optional<std::string> ref;
    std::string runtime_id;
    std::string target;
    std::vector<json_member> other_members;

    friend bool operator==(resolved const&, resolved const&) = default;
};

/// Why a step of an invocation failed.
enum class step_error_code {
    unknown,
    unknown_call,
    unknown_ref,
    invalid_args,
    capability_not_available,
    timeout,
    runtime_not_found,
    driver_not_connected,
    subscription_cursor_conflict,
    subscription_gone,
};

template <>
struct enum_texts<step_error_code> {
    using code = step_error_code;
    static constexpr enum_text<code> all[] = {
        {code::unknown_call, "UNKNOWN_CALL"},
        {code::unknown_ref, "UNKNOWN_REF"},
        {code::invalid_args, "INVALID_ARGS"},
        {code::capability_not_available, "CAPABILITY_NOT_AVAILABLE"},
        {code::timeout, "TIMEOUT"},
        {code::runtime_not_found, "RUNTIME_NOT_FOUND"},
        {code::driver_not_connected, "DRIVER_NOT_CONNECTED"},
        {code::subscription_cursor_conflict, "SUBSCRIPTION_CURSOR_CONFLICT"},
        {code::subscription_gone, "SUBSCRIPTION_GONE"},
    };
};

/// The failure of one step of an invocation.
struct step_error {
    open_enum<step_error_code> code;
    std::string message;             ///< for people
    std::optional<std::string> hint; ///< what to do about it, for people
    std::optional<bctrl::diagnostic> diagnostic;
    std::vector<json_member> other_members;

    friend bool operator==(step_error const&, step_error const&) = default;
};

/// What became of one step of an invocation: it failed if it has an `error`, and otherwise it has
/// `resolved` and `result`; `ok` always agrees. One struct for both kinds, as in
/// `operation_step_result`.
struct step_result {
    std::int64_t index = 0; ///< whether steps are counted from 0 or 1 is not specified
    bool ok = false;
    std::string call;
    std::optional<bctrl::resolved> resolved;
    json_text result; ///< any JSON, the text `null` included; empty if absent
    std::optional<bctrl::binding> binding;
    std::optional<step_error> error;
    std::vector<json_member> other_members;

    friend bool operator==(step_result const&, step_result const&) = default;
};

/// What an invocation has done so far; failed invocations may have one as well.
struct invocation_result {
    open_enum<step_mode> mode;
    bool ok = false;
    std::string runtime_id;
    std::vector<step_result> steps;
    std::vector<json_member> other_members;

    friend bool operator==(invocation_result const&, invocation_result const&) = default;
};

/// How one step is to be run.
struct step_options {
    std::optional<bool> dry_run;
    std::optional<std::int64_t> timeout_ms; ///< milliseconds
    std::vector<json_member> other_members;

    friend bool operator==(step_options const&, step_options const&) = default;
};

/// One step as it was asked for.
struct step {
    std::string call;
    std::optional<std::string> ref;
    std::optional<std::vector<json_text>> args;
    std::optional<std::string> bind;
    std::optional<step_options> options;
    std::vector<json_member> other_members;

    friend bool operator==(step const&, step const&) = default;
};

/// The request that an invocation was started with.
struct invocation_request {
    std::string runtime_id;
    std::vector<step> steps;
    std::optional<open_enum<step_mode>> mode;
    std::optional<std::string> idempotency_key;
    std::vector<json_member> other_members;

    friend bool operator==(invocation_request const&, invocation_request const&) = default;
};

/// A durable invocation: `GET /v1/invocations/{id}`.
struct invocation {
    std::string id;
    open_enum<durable_status> status;
    open_enum<bctrl::execution_mode> execution_mode;
    std::int64_t sequence_no = 0;
    std::string space_id;
    std::string run_id;
    std::string runtime_id;
    open_enum<bctrl::runtime_kind> runtime_kind;
    std::int64_t artifact_count = 0;
    std::int64_t step_count = 0;
    std::string entry_call;
    timestamp created_at;
    optional_nullable<timestamp> started_at;
    optional_nullable<timestamp> finished_at;
    optional_nullable<timestamp> cancel_requested_at;
    optional_nullable<timestamp> last_heartbeat_at;
    optional_nullable<std::int64_t> duration_ms; ///< milliseconds
    optional_nullable<std::string> connector;
    optional_nullable<std::string> correlation_id;
    optional_nullable<json_text> metadata;
    optional_nullable<bctrl::progress> progress;
    optional_nullable<invocation_request> request;
    optional_nullable<invocation_result> result;
    optional_nullable<durable_error> error;
    std::vector<json_member> other_members;

    friend bool operator==(invocation const&, invocation const&) = default;
};

/// What a wait for an invocation came back with: `POST /v1/invocations/{id}/wait`.
struct invocation_wait_result {
    bctrl::invocation invocation;
    bool timed_out_waiting =
        false; ///< the wait ran out of time, and the work goes on; false if absent
    std::vector<json_member> other_members;

    friend bool operator==(invocation_wait_result const&, invocation_wait_result const&) = default;
};

} // namespace bctrl
