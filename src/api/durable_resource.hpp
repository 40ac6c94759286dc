#pragma once

#include "model/path.hpp"

#include <bctrl/error.hpp>
#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bctrl {

/// What get, wait and cancel must know of a kind of durable work: its paths, where its state stands in
/// the answer to a wait, and where an error keeps it. Everything else about them is the same.
template <class Resource>
struct durable_resource;

template <>
struct durable_resource<operation> {
    using wait_result = operation_wait_result;

    static constexpr std::string_view get_name = "operations.get";
    static constexpr std::string_view wait_name = "operations.wait";
    static constexpr std::string_view cancel_name = "operations.cancel";

    static std::optional<std::string> path(std::string_view id) {
        return model::operation_path(id);
    }
    static std::optional<std::string> wait_path(std::string_view id) {
        return model::operation_wait_path(id);
    }
    static std::optional<std::string> cancel_path(std::string_view id) {
        return model::operation_cancel_path(id);
    }
    static operation& of(wait_result& seen) noexcept { return seen.operation; }
    static void keep_last(error_details& in, operation seen) {
        in.last_operation = std::make_shared<operation const>(std::move(seen));
    }
};

template <>
struct durable_resource<invocation> {
    using wait_result = invocation_wait_result;

    static constexpr std::string_view get_name = "invocations.get";
    static constexpr std::string_view wait_name = "invocations.wait";
    static constexpr std::string_view cancel_name = "invocations.cancel";

    static std::optional<std::string> path(std::string_view id) {
        return model::invocation_path(id);
    }
    static std::optional<std::string> wait_path(std::string_view id) {
        return model::invocation_wait_path(id);
    }
    static std::optional<std::string> cancel_path(std::string_view id) {
        return model::invocation_cancel_path(id);
    }
    static invocation& of(wait_result& seen) noexcept { return seen.invocation; }
    static void keep_last(error_details& in, invocation seen) {
        in.last_invocation = std::make_shared<invocation const>(std::move(seen));
    }
};

} // namespace bctrl
