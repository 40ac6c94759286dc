#pragma once

#include "emulator/model/course.hpp"
#include "emulator/model/deadline_queue.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::emulator {

enum class resource_kind { operation, invocation };

/// "operation" or "invocation": the word used in documents and error codes.
std::string_view name_of(resource_kind k);

/// What the creator of a resource may choose; empty means that the store chooses.
struct resource_description {
    std::shared_ptr<life const> script; ///< never null
    std::string id{};
    std::string owner_id{}; ///< the workspace of an operation, the space of an invocation
    std::string runtime = "main";
    std::string runtime_id{};
    std::string runtime_kind = "browser";

    // Of invocations only.
    std::string run_id{};
    std::string execution_mode = "durable";
    std::int64_t artifact_count = 0;
    std::optional<std::string> connector{};
    std::optional<std::string> correlation_id{};
    std::string metadata = "null"; ///< JSON text
    std::string request{};         ///< JSON text; empty: made from the steps
};

/// An operation or an invocation.
struct resource {
    resource_kind kind;
    resource_description about;
    std::int64_t sequence_no = 0; ///< the place of an invocation in its run, from 1
    time_point created;
    course plan;
    std::optional<time_point> cancel_requested{};

    std::optional<status> ended{};        ///< the terminal status, once it is reached
    std::optional<time_point> finished{}; ///< when the script says that it ended
    time_point noticed{};                 ///< when the emulator acted on the end

    /// The document of an ended resource, which does not change any more; empty until it is asked
    /// for.
    mutable std::string final_document{};
};

/// @pre `store::advance(now)` was called
status status_at(resource const& r, time_point now);

} // namespace bctrl::emulator
