#pragma once

#include "codec/describe.hpp"

#include <bctrl/durable.hpp>

namespace bctrl::codec {

template <>
struct description<durable_error> {
    static constexpr member_descriptor members[] = {
        member<&durable_error::code>("code"),
        member<&durable_error::message>("message"),
        unless_empty<&durable_error::details>("details"),
    };
};

template <>
struct description<progress> {
    static constexpr member_descriptor members[] = {
        member<&progress::step>("step"),
        member<&progress::total_steps>("totalSteps"),
        member<&progress::current_call>("currentCall"),
        member<&progress::last_event_type>("lastEventType"),
        member<&progress::message>("message"),
    };
};

template <>
struct description<binding> {
    static constexpr member_descriptor members[] = {
        member<&binding::alias>("alias"),
        member<&binding::id>("id"),
        member<&binding::type>("type"),
    };
};

template <>
struct description<fix> {
    static constexpr member_descriptor members[] = {
        member<&fix::title>("title"),
        member<&fix::command>("command"),
        member<&fix::example>("example"),
    };
};

template <>
struct description<diagnostic> {
    static constexpr member_descriptor members[] = {
        member<&diagnostic::id>("id"),
        member<&diagnostic::category>("category"),
        member<&diagnostic::code>("code"),
        member<&diagnostic::call>("call"),
        member<&diagnostic::driver>("driver"),
        member<&diagnostic::expected>("expected"),
        member<&diagnostic::received>("received"),
        member<&diagnostic::closest>("closest"),
        member<&diagnostic::docs_url>("docsUrl"),
        member<&diagnostic::fixes>("fixes"),
    };
};

template <>
struct description<wait_request> {
    static constexpr member_descriptor members[] = {
        member<&wait_request::timeout_ms>("timeoutMs"),
    };
};

/// Steps are a `oneOf` without discriminator of open objects: a failure has `error`, a success
/// `resolved` and `result`. Only an object with all three is both, and therefore neither. `ok` is
/// not looked at.
template <class Step>
object_flaw check_step_kind(Step const& step) {
    bool const succeeded = step.resolved && !step.result.empty();
    if (step.error && succeeded)
        return {"error", "must not stand beside \"resolved\" and \"result\""};
    if (step.error || succeeded) return {};
    if (step.resolved) return {"result", "is missing"};
    return {{}, "has neither \"error\" nor \"resolved\", so it is no step"};
}

} // namespace bctrl::codec
