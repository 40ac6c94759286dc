#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::emulator {

/// The status in which a scripted life ends.
enum class ending { succeeded, failed, timed_out, cancelled };

/// Why a step fails. `diagnostic` is JSON text, an object as the contract's `Diagnostic`, or empty.
struct step_error {
    std::string code = "INVALID_ARGS";
    std::string message = "The step failed.";
    std::string hint{};
    std::string diagnostic{};
};

/// One call of a run. `result` is JSON text and is reported when the step succeeds.
struct step {
    std::string call = "page.goto";
    std::chrono::milliseconds takes{20};
    std::string result = "null";
    std::string
        message{};      ///< shown as `progress.message` while the step runs; empty: a made-up one
    std::string bind{}; ///< the alias under which the step's page is bound; empty: none
    std::optional<step_error> error{}; ///< set: the step fails, and the run ends with it
};

/// The `error` of an operation that did not succeed. `details` is JSON text, an object, or empty.
struct life_error {
    std::string code{};
    std::string message{};
    std::string details{};
};

/// What happens to an operation or invocation as real time passes:
/// queued -> dispatching -> running -> `end`, or cancelling -> cancelled after a cancel request.
///
/// The default is a short success of two steps.
struct life {
    std::chrono::milliseconds queued{0};
    std::chrono::milliseconds dispatching{0};
    std::vector<step> steps{{.call = "context.newPage", .result = R"({"pageId":"page_1"})"},
                            {.call = "page.goto", .result = R"({"status":200})"}};

    /// The running time in total. Unset: as long as the steps take. Longer: the last step lasts
    /// until then. Shorter: the run is cut off there, so it cannot succeed.
    std::optional<std::chrono::milliseconds> running{};

    /// Unset: failed if a step fails, else succeeded.
    std::optional<ending> end{};

    /// Unset: made up from the ending.
    std::optional<life_error> error{};

    /// How long a cancel request takes to be carried out.
    std::chrono::milliseconds cancelling{20};
};

/// Says why a life cannot be lived, or nothing if it can: a negative time, a success that contains
/// a failing step or is shorter than its steps, text that should be JSON and is not.
std::optional<std::string> fault_in(life const& script);

} // namespace bctrl::emulator
