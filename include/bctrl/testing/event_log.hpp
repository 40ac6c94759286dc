#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace bctrl::testing {

/// One thing that happened in a simulation.
struct event {
    enum class kind {
        request, ///< a request was begun; `text`: method, target and body
        answer,  ///< it was answered; `status` tells how
        fault,   ///< it ended without an answer; `text`: the fault
        stop,    ///< its client ceased to ask; `text`: why
        note,    ///< somebody wrote `text` into the log
    };

    std::chrono::milliseconds at{0}; ///< since the start of the simulation
    kind what = kind::note;
    std::uint64_t request = 0; ///< `seen_request::number`; 0 for a note
    int status = 0;
    std::string text;
};

/// What happened in a simulation, in order. The same program with the same seed writes the same log,
/// byte for byte.
/// @par Thread safety  None: it belongs to the thread that runs the simulation.
class event_log {
public:
    /// How many events are kept unless `keep` says otherwise.
    static constexpr std::size_t usual_size = 100'000;

    /// Keeps the last `most` events from now on and forgets those before; 0 keeps none.
    void keep(std::size_t most);

    /// Whether anything is kept. Who writes may save itself the text.
    bool keeps_any() const noexcept { return most_ > 0; }

    /// Adds an event.
    void add(event what);

    /// What is kept, the oldest first.
    std::deque<event> const& events() const noexcept { return events_; }

    /// How many events are no longer kept.
    std::uint64_t forgotten() const noexcept { return forgotten_; }

    /// A line for each event: time in seconds, number of the request, what happened.
    std::string text() const;

private:
    std::size_t most_ = usual_size;
    std::deque<event> events_;
    std::uint64_t forgotten_ = 0;
};

} // namespace bctrl::testing
