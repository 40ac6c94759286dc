#pragma once

#include <string>
#include <string_view>

/// Small documents that are right, with a place for whatever a test wants to add or break.
namespace bctrl::codec {

inline std::string operation_with(std::string_view members) {
    return R"({"id":"i","status":"queued","workspaceId":"w","runtime":"r","runtimeId":"ri",)"
           R"("runtimeKind":"browser","createdAt":"t")" +
           std::string{members} + "}";
}

inline std::string operation_with_step(std::string_view step) {
    return operation_with(R"(,"result":{"mode":"fail-fast","ok":true,"runtime":"r","steps":[)" +
                          std::string{step} + "]}");
}

inline std::string invocation_with(std::string_view members) {
    return R"({"id":"i","status":"queued","executionMode":"durable","sequenceNo":1,"spaceId":"s",)"
           R"("runId":"r","runtimeId":"ri","runtimeKind":"browser","artifactCount":0,"stepCount":1,)"
           R"("entryCall":"c","createdAt":"t")" +
           std::string{members} + "}";
}

inline std::string invocation_with_step(std::string_view step) {
    return invocation_with(R"(,"result":{"mode":"fail-fast","ok":true,"runtimeId":"r","steps":[)" +
                           std::string{step} + "]}");
}

inline constexpr std::string_view operation_resolved_json =
    R"({"call":"c","contextId":null,"handleId":null,"method":"m","pageId":null,"ref":null,)"
    R"("sessionId":"s","target":"t"})";
inline constexpr std::string_view resolved_json =
    R"({"call":"c","contextId":null,"handleId":null,"method":"m","pageId":null,"ref":null,)"
    R"("runtimeId":"s","target":"t"})";

} // namespace bctrl::codec
