#pragma once

#include "emulator/model/deadline_queue.hpp"

#include <chrono>
#include <string>

namespace bctrl::emulator {

/// Turns moments of the steady clock into moments of the wall clock, and into the dates that
/// documents carry. The wall clock is read once: dates of one emulator never run backwards.
class calendar {
public:
    calendar(time_point steady, std::chrono::system_clock::time_point wall)
        : steady_{steady}, wall_{wall} {}

    std::chrono::system_clock::time_point wall(time_point when) const;
    time_point steady(std::chrono::system_clock::time_point when) const;

    /// RFC 3339 in UTC with milliseconds, as in "2026-04-02T09:15:00.112Z".
    std::string date(time_point when) const;

private:
    time_point steady_;
    std::chrono::system_clock::time_point wall_;
};

} // namespace bctrl::emulator
