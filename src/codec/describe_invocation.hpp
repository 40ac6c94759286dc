#pragma once

#include "codec/describe_durable.hpp"

#include <bctrl/command_page.hpp>
#include <bctrl/invocation.hpp>

namespace bctrl::codec {

template <>
struct description<resolved> {
    static constexpr member_descriptor members[] = {
        member<&resolved::call>("call"),
        member<&resolved::method>("method"),
        member<&resolved::target>("target"),
        required_nullable<&resolved::page_id>("pageId"),
        required_nullable<&resolved::context_id>("contextId"),
        required_nullable<&resolved::handle_id>("handleId"),
        required_nullable<&resolved::ref>("ref"),
        member<&resolved::runtime_id>("runtimeId"),
    };
};

template <>
struct description<step_error> {
    static constexpr member_descriptor members[] = {
        member<&step_error::code>("code"),
        member<&step_error::message>("message"),
        member<&step_error::hint>("hint"),
        member<&step_error::diagnostic>("diagnostic"),
    };
};

template <>
struct description<step_result> {
    static constexpr member_descriptor members[] = {
        member<&step_result::index>("index"),     member<&step_result::ok>("ok"),
        member<&step_result::call>("call"),       member<&step_result::resolved>("resolved"),
        any_json<&step_result::result>("result"), member<&step_result::binding>("binding"),
        member<&step_result::error>("error"),
    };
    static object_flaw check(step_result const& step) {
        if (auto const flaw = check_step_kind(step); !flaw.message.empty()) return flaw;
        if (step.ok && step.error) return {"ok", "is true although there is an \"error\""};
        if (!step.ok && !step.error) return {"ok", "is false although there is no \"error\""};
        return {};
    }
};

template <>
struct description<invocation_result> {
    static constexpr member_descriptor members[] = {
        member<&invocation_result::mode>("mode"),
        member<&invocation_result::ok>("ok"),
        member<&invocation_result::runtime_id>("runtimeId"),
        member<&invocation_result::steps>("steps"),
    };
};

template <>
struct description<step_options> {
    static constexpr member_descriptor members[] = {
        member<&step_options::dry_run>("dryRun"),
        member<&step_options::timeout_ms>("timeoutMs"),
    };
};

template <>
struct description<step> {
    static constexpr member_descriptor members[] = {
        member<&step::call>("call"), member<&step::ref>("ref"),         member<&step::args>("args"),
        member<&step::bind>("bind"), member<&step::options>("options"),
    };
};

template <>
struct description<invocation_request> {
    static constexpr member_descriptor members[] = {
        member<&invocation_request::runtime_id>("runtimeId"),
        member<&invocation_request::mode>("mode"),
        member<&invocation_request::idempotency_key>("idempotencyKey"),
        member<&invocation_request::steps>("steps"),
    };
};

template <>
struct description<invocation> {
    static constexpr member_descriptor members[] = {
        member<&invocation::id>("id"),
        member<&invocation::status>("status"),
        member<&invocation::execution_mode>("executionMode"),
        member<&invocation::sequence_no>("sequenceNo"),
        member<&invocation::space_id>("spaceId"),
        member<&invocation::run_id>("runId"),
        member<&invocation::runtime_id>("runtimeId"),
        member<&invocation::runtime_kind>("runtimeKind"),
        member<&invocation::artifact_count>("artifactCount"),
        member<&invocation::step_count>("stepCount"),
        member<&invocation::entry_call>("entryCall"),
        member<&invocation::created_at>("createdAt"),
        member<&invocation::started_at>("startedAt"),
        member<&invocation::finished_at>("finishedAt"),
        member<&invocation::cancel_requested_at>("cancelRequestedAt"),
        member<&invocation::last_heartbeat_at>("lastHeartbeatAt"),
        member<&invocation::duration_ms>("durationMs"),
        member<&invocation::connector>("connector"),
        member<&invocation::correlation_id>("correlationId"),
        member<&invocation::metadata>("metadata"),
        member<&invocation::progress>("progress"),
        member<&invocation::error>("error"),
        member<&invocation::request>("request"),
        member<&invocation::result>("result"),
    };
};

template <>
struct description<invocation_wait_result> {
    static constexpr member_descriptor members[] = {
        defaulted<&invocation_wait_result::timed_out_waiting>("timedOutWaiting"),
        member<&invocation_wait_result::invocation>("invocation"),
    };
};

template <>
struct description<command_page> {
    static constexpr member_descriptor members[] = {
        member<&command_page::commands>("commands"),
        required_nullable<&command_page::next_cursor>("nextCursor"),
    };
};

} // namespace bctrl::codec
