#pragma once

#include "codec/describe_durable.hpp"

#include <bctrl/operation.hpp>

namespace bctrl::codec {

template <>
struct description<operation_resolved> {
    static constexpr member_descriptor members[] = {
        member<&operation_resolved::call>("call"),
        member<&operation_resolved::method>("method"),
        member<&operation_resolved::target>("target"),
        required_nullable<&operation_resolved::page_id>("pageId"),
        required_nullable<&operation_resolved::context_id>("contextId"),
        required_nullable<&operation_resolved::handle_id>("handleId"),
        required_nullable<&operation_resolved::ref>("ref"),
        member<&operation_resolved::session_id>("sessionId"),
    };
};

template <>
struct description<operation_step_error> {
    static constexpr member_descriptor members[] = {
        member<&operation_step_error::code>("code"),
        member<&operation_step_error::message>("message"),
        member<&operation_step_error::hint>("hint"),
        member<&operation_step_error::diagnostic>("diagnostic"),
    };
};

template <>
struct description<operation_step_result> {
    static constexpr member_descriptor members[] = {
        member<&operation_step_result::index>("index"),
        member<&operation_step_result::ok>("ok"),
        member<&operation_step_result::call>("call"),
        member<&operation_step_result::resolved>("resolved"),
        any_json<&operation_step_result::result>("result"),
        member<&operation_step_result::binding>("binding"),
        member<&operation_step_result::error>("error"),
    };
    static object_flaw check(operation_step_result const& step) { return check_step_kind(step); }
};

template <>
struct description<operation_result> {
    static constexpr member_descriptor members[] = {
        member<&operation_result::mode>("mode"),
        member<&operation_result::ok>("ok"),
        member<&operation_result::runtime>("runtime"),
        member<&operation_result::steps>("steps"),
    };
};

template <>
struct description<operation> {
    static constexpr member_descriptor members[] = {
        member<&operation::id>("id"),
        member<&operation::status>("status"),
        member<&operation::workspace_id>("workspaceId"),
        member<&operation::runtime>("runtime"),
        member<&operation::runtime_id>("runtimeId"),
        member<&operation::runtime_kind>("runtimeKind"),
        member<&operation::created_at>("createdAt"),
        member<&operation::started_at>("startedAt"),
        member<&operation::finished_at>("finishedAt"),
        member<&operation::cancel_requested_at>("cancelRequestedAt"),
        member<&operation::last_heartbeat_at>("lastHeartbeatAt"),
        member<&operation::current_call>("currentCall"),
        member<&operation::progress>("progress"),
        member<&operation::error>("error"),
        member<&operation::result>("result"),
    };
};

template <>
struct description<operation_wait_result> {
    static constexpr member_descriptor members[] = {
        member<&operation_wait_result::timed_out_waiting>("timedOutWaiting"),
        member<&operation_wait_result::operation>("operation"),
    };
};

} // namespace bctrl::codec
