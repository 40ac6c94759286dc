#include "emulator/model/course.hpp"

#include "emulator/model/json_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace bctrl::emulator {
namespace {

using std::chrono::milliseconds;

bool is_json(std::string const& text) {
    return parse_json(text).has_value();
}

bool is_json_object(std::string const& text) {
    auto const value = parse_json(text);
    return value && value->is_object();
}

// Sums of a thousand such times are still far from what the steady clock can count.
constexpr milliseconds longest_time = std::chrono::days{30};
constexpr std::size_t most_steps = 1000;

bool is_usable(milliseconds time) {
    return time >= milliseconds{0} && time <= longest_time;
}

std::optional<std::string> fault_in(step const& s, std::string const& where) {
    if (!is_usable(s.takes)) return where + " takes a negative time or more than 30 days";
    if (!is_json(s.result)) return "the result of " + where + " is not JSON";
    if (s.error && !s.error->diagnostic.empty() && !is_json_object(s.error->diagnostic)) {
        return "the diagnostic of " + where + " is not a JSON object";
    }
    return std::nullopt;
}

/// The time that the steps take, up to and including the first that fails.
milliseconds time_of_steps(life const& script) {
    milliseconds total{0};
    for (auto const& s : script.steps) {
        total += s.takes;
        if (s.error) break;
    }
    return total;
}

std::optional<std::string> fault_in_success(life const& script) {
    auto const fails = [](step const& s) { return s.error.has_value(); };
    if (std::any_of(script.steps.begin(), script.steps.end(), fails)) {
        return "a life with a failing step cannot end in success";
    }
    if (script.running && *script.running < time_of_steps(script)) {
        return "the running time is shorter than the steps, so the life cannot end in success";
    }
    return std::nullopt;
}

ending default_ending(life const& script) {
    milliseconds total{0};
    for (auto const& s : script.steps) {
        total += s.takes;
        if (script.running && *script.running < total) return ending::succeeded;
        if (s.error) return ending::failed;
    }
    return ending::succeeded;
}

} // namespace

std::string_view name_of(status s) {
    static constexpr std::array<std::string_view, 8> names{"queued",     "dispatching", "running",
                                                           "cancelling", "succeeded",   "failed",
                                                           "cancelled",  "timed_out"};
    return names[static_cast<std::size_t>(s)];
}

bool is_terminal(status s) {
    return s >= status::succeeded;
}

status status_of(ending e) {
    switch (e) {
        case ending::succeeded:
            return status::succeeded;
        case ending::failed:
            return status::failed;
        case ending::timed_out:
            return status::timed_out;
        case ending::cancelled:
            return status::cancelled;
    }
    return status::failed;
}

std::optional<std::string> fault_in(life const& script) {
    if (script.steps.size() > most_steps) return "there are more than 1000 steps";
    for (std::size_t i = 0; i < script.steps.size(); ++i) {
        if (auto fault = fault_in(script.steps[i], "step " + std::to_string(i))) return fault;
    }
    auto const times = {script.queued, script.dispatching, script.cancelling,
                        script.running.value_or(milliseconds{0})};
    if (!std::all_of(times.begin(), times.end(), is_usable)) {
        return "a time is negative or longer than 30 days";
    }
    if (script.error && !script.error->details.empty() && !is_json_object(script.error->details)) {
        return "the details of the error are not a JSON object";
    }
    if (script.end.value_or(default_ending(script)) != ending::succeeded) return std::nullopt;
    return fault_in_success(script);
}

course course_of(life const& script) {
    course c{.starts = script.queued + script.dispatching,
             .ends = {},
             .end = status_of(script.end.value_or(default_ending(script)))};
    auto const limit = script.running.value_or(time_of_steps(script));
    // Work that runs out of time has not finished the step it was in, even on the very last moment.
    auto const in_time = [&](milliseconds t) {
        return c.end == status::timed_out ? t < limit : t <= limit;
    };

    milliseconds spent{0};
    for (auto const& s : script.steps) {
        spent += s.takes;
        bool const reached = in_time(spent) || (s.error && spent == limit);
        if (!reached || s.error) {
            if (reached || c.end == status::timed_out) c.step_failed = c.steps_done;
            c.ends = c.starts + std::min(spent, limit);
            return c;
        }
        ++c.steps_done;
    }
    c.ends = c.starts + limit;
    return c;
}

stage stage_at(life const& script, std::chrono::steady_clock::duration elapsed) {
    if (elapsed < script.queued) return {status::queued};
    if (elapsed < script.queued + script.dispatching) return {status::dispatching};
    auto in_run = elapsed - script.queued - script.dispatching;
    for (std::size_t i = 0; i + 1 < script.steps.size(); ++i) {
        in_run -= script.steps[i].takes;
        if (in_run < in_run.zero()) return {status::running, i};
    }
    return {status::running, script.steps.empty() ? 0 : script.steps.size() - 1};
}

} // namespace bctrl::emulator
