#pragma once

#include <bctrl/emulator/life.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace bctrl::emulator {

enum class status {
    queued,
    dispatching,
    running,
    cancelling,
    succeeded,
    failed,
    cancelled,
    timed_out
};

std::string_view name_of(status s);
bool is_terminal(status s);
status status_of(ending e);

/// How a life goes if nobody cancels it. Times count from the creation.
struct course {
    std::chrono::milliseconds starts; ///< when the run begins
    std::chrono::milliseconds ends;
    status end;
    std::size_t steps_done = 0;               ///< the steps that succeeded by the end
    std::optional<std::size_t> step_failed{}; ///< the step that failed, or that the end cut off
};

/// @pre `!fault_in(script)`
course course_of(life const& script);

/// Where a life is before its end.
struct stage {
    status now;
    std::size_t step = 0; ///< the step that runs, if one does
};

/// @pre `elapsed < course_of(script).ends`
stage stage_at(life const& script, std::chrono::steady_clock::duration elapsed);

} // namespace bctrl::emulator
