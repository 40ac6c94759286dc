#pragma once

#include "support/core_bench.hpp"
#include "unit/api/wait_task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::testing {

inline std::string operation_text(std::string_view id, std::string_view status) {
    return std::string{R"({"id":")"}
        .append(id)
        .append(R"(","status":")")
        .append(status)
        .append(R"(","workspaceId":"w","runtime":"main","runtimeId":"r","runtimeKind":"browser",)"
                R"("createdAt":"2026-04-02T09:15:00.112Z"})");
}

/// The answer to a poll.
inline exchange_outcome seen(std::string_view status, std::string_view id = "op_1") {
    auto const ended = status == "succeeded" || status == "failed" || status == "cancelled";
    return answer(200, std::string{R"({"timedOutWaiting":)"} + (ended ? "false" : "true") +
                           R"(,"operation":)" + operation_text(id, status) + "}");
}

/// The id that a request is about.
inline std::string_view id_of(wire_request const& request) {
    std::string_view text = request.target;
    text.remove_prefix(std::string_view{"/v1/operations/"}.size());
    return text.substr(0, text.find('/'));
}

/// What a poll asks for; nothing if it is none.
inline std::optional<milliseconds> asked_of(wire_request const& request) {
    constexpr std::string_view name = R"("timeoutMs":)";
    auto const at = request.body.find(name);
    if (at == std::string::npos) return std::nullopt;
    return milliseconds{std::stoll(request.body.substr(at + name.size()))};
}

/// A wait in a test, and how to stop it.
class test_wait {
public:
    using ending = rpc::call_outcome<operation_wait_result>;

    test_wait(core_bench& on, std::string id, wait_options options)
        : end_{on.start(
              wait_for_end<operation>(on.core(), *stop_, on.call(), std::move(id), options))} {}

    bool ended() const { return end_->has_value(); }
    bool has_value() const { return ended() && (*end_)->has_value(); }
    operation_wait_result const& value() const { return **(*end_); }
    rpc::call_failure const& error() const { return (*end_)->error(); }
    durable_status status() const { return value().operation.status; }

    void request_stop(stop_reason why = stop_reason::cancelled) { stop_->request(why); }

private:
    std::unique_ptr<stop_signal> stop_ = std::make_unique<stop_signal>();
    pending<ending> end_;
};

} // namespace bctrl::testing
