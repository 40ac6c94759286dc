#pragma once

#include <bctrl/explanation.hpp>

#include <cstdint>
#include <string>

/// The words in which calls in flight are explained to people.
namespace bctrl::model {

/// "9,990".
std::string count_text(std::int64_t count);

/// Two digits or so: "0.2 s", "31 s", "12 min", "5 h", "3 d".
std::string duration_text(std::chrono::milliseconds time);

/// What a call does, in the words that fit all calls that do the same: "parked in a slice".
std::string what_it_does(call_explanation const& call);

/// The same with all that is known: "parked in slice 12 for 31 s (asked for 50 s), last seen
/// running".
std::string state_of(call_explanation const& call);

/// One lane, in one line or two.
std::string describe(lane_explanation const& lane);

} // namespace bctrl::model
