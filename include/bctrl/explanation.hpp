#pragma once

#include <bctrl/client_stats.hpp>
#include <bctrl/durable.hpp>
#include <bctrl/error.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bctrl {

/// The connections of a client come in two lanes, so that calls that are answered at once never
/// queue behind calls that the server holds.
enum class lane_kind : unsigned char {
    control, ///< get, cancel, lists, `send`
    wait,    ///< waits
};

/// What a call can be doing.
enum class call_phase : unsigned char {
    beginning, ///< nothing was asked of anybody yet
    queued,    ///< waits for a connection that another call holds, or, a wait, for its turn
    dialling,  ///< waits for a connection that is being opened
    sending,   ///< its request is being written
    awaiting,  ///< its request is with the server
    parked,    ///< its request is with the server, which was asked to hold it: a wait
    reading,   ///< a part of the answer has come
    pausing,   ///< waits before it tries again
};

/// Why a call pauses.
enum class pause_reason : unsigned char {
    none,         ///< it does not
    backoff,      ///< after a fault: the network's, or an answer such as 503
    early_answer, ///< the server answered a long poll at once, without an end
    pacing,       ///< it waits for its turn: after an outage not all waits come back at once
    no_time_left, ///< its time is nearly up: another answer could not arrive
};

/// What went wrong, once, in a call or a dial that goes on.
struct fault_explanation {
    error_code code;
    int status = 0;                ///< the HTTP status, 0 if no answer came
    std::string message;           ///< for people; empty if it was long ago
    std::string request_id;        ///< names the request in the server's log; may be empty
    std::chrono::milliseconds ago; ///< how long ago
};

/// One lane of connections.
struct lane_explanation {
    lane_kind lane = lane_kind::control;
    std::size_t limit = 0;       ///< connections that the lane may have
    std::size_t open = 0;        ///< connections that are open, those that are closing included
    std::size_t in_use = 0;      ///< of these, how many carry a request
    std::size_t idle = 0;        ///< of these, how many carry none
    std::size_t requests = 0;    ///< requests that they carry
    std::size_t resolving = 0;   ///< dials that look up the host name
    std::size_t connecting = 0;  ///< dials that wait for an address to accept
    std::size_t tunnelling = 0;  ///< dials that wait for the proxy's answer
    std::size_t handshaking = 0; ///< dials in the TLS handshake
    std::size_t queued = 0;      ///< calls that wait for a connection, open or being dialled
    std::size_t queue_limit = 0; ///< calls that may wait while no connection can be dialled
    /// How long the oldest dial has been under way; not set if there is none.
    std::optional<std::chrono::milliseconds> oldest_dial;
    /// The dial that failed last, if none has succeeded since.
    std::optional<fault_explanation> last_failed_dial;

    /// Connections being opened.
    std::size_t dialling() const noexcept {
        return resolving + connecting + tunnelling + handshaking;
    }
};

/// One call in flight.
struct call_explanation {
    std::string call; ///< the name of the call, as in "operations.wait"
    std::string id;   ///< the operation, invocation or run it is about; the path for `send`
    lane_kind lane = lane_kind::control;
    call_phase phase = call_phase::beginning;
    pause_reason pause = pause_reason::none; ///< why, in phase `pausing`
    std::chrono::milliseconds in_flight{};   ///< since the call began
    std::chrono::milliseconds in_phase{};    ///< since the phase began
    /// Until the call's deadline; not set if it has none.
    std::optional<std::chrono::milliseconds> time_left;
    /// Until the pause is over; set in phase `pausing` if that is known.
    std::optional<std::chrono::milliseconds> pause_left;
    /// How long the server was asked to hold the request; set in phase `parked`.
    std::optional<std::chrono::milliseconds> asked;
    unsigned attempt = 0;  ///< the request under way, or the last one: for a wait, its slice
    std::size_t place = 0; ///< in the queue of the lane and of the turns behind it, from 1; 0: none
    /// The wait makes no requests itself but shares those of another one on the same work. Phase,
    /// attempt, place, error and last status are those of the shared poll.
    bool shares_poll = false;
    /// A wait: the status that was seen last. Not set if none was seen.
    std::optional<durable_status> last_status;
    /// The last fault that the call has met and lived through.
    std::optional<fault_explanation> last_error;
};

/// What all waits of a client have in common.
struct waits_explanation {
    std::size_t polled = 0;        ///< pieces of work that are polled; waits may share them
    std::size_t awaiting_turn = 0; ///< of these, how many are held back by the pace of all
    /// Of these, how many take turns because there are fewer connections than pieces of work.
    std::size_t awaiting_connection = 0;
    bool server_out_of_reach = false; ///< no poll was answered for several faults in a row
    /// How long polls ask to be held at the most, because longer ones were cut on the way; not set
    /// if nothing was learned.
    std::optional<std::chrono::milliseconds> learned_slice;
};

/// All that a client has in flight at one moment, and why it is still in flight: `client::explain`.
/// Never holds the API key, a header, a query or a body.
struct explanation {
    /// `client_config::testing_only_accept_any_certificate` is set.
    bool accepts_any_certificate = false;
    client_stats stats;
    std::vector<lane_explanation> lanes;
    waits_explanation waits;
    std::vector<call_explanation> calls; ///< in the order in which they began
};

/// The explanation for people: the counters, the lanes, and one line for each call. What needs
/// attention comes first: calls that pause, then those that have no connection; within a kind those
/// that are in flight for longest. Of a kind that has many calls only the first are shown, and how
/// many more there are: the text never has more than some hundred lines. Its form may change.
/// @par Thread safety  Safe from any thread.
std::string to_text(explanation const& what);

/// The explanation as one JSON object, for programs: everything, in compact form. Names stay.
///
///     {"acceptsAnyCertificate": true,     only if it is so
///      "stats": {"calls": 2, …},          every member of client_stats, in camelCase
///      "lanes": [{"lane": "wait",         or "control"
///                 "limit": 16000, "open": 1, "inUse": 1, "idle": 0, "requests": 1,
///                 "resolving": 0, "connecting": 1, "tunnelling": 0, "handshaking": 0,
///                 "oldestDialMs": 31, "queued": 1, "queueLimit": 100000,
///                 "lastFailedDial": {…}}],
///      "waits": {"polled": 1, "awaitingTurn": 0, "awaitingConnection": 0,
///                "serverOutOfReach": false, "learnedSliceMs": 24000},
///      "calls": [{"call": "operations.wait", "id": "…", "lane": "wait",
///                 "phase": "parked",       the enumerators of call_phase
///                 "pause": "backoff",      those of pause_reason; only in phase "pausing"
///                 "inFlightMs": 5000, "inPhaseMs": 4000, "timeLeftMs": 25000,
///                 "pauseLeftMs": 0, "askedMs": 50000, "attempt": 1, "place": 1,
///                 "sharesPoll": false, "lastStatus": "running", "lastError": {…}}]}
///
/// A fault is `{"code": "bctrl:44", "what": "the connection was lost", "status": 503, "message":
/// "…", "requestId": "…", "agoMs": 1200}`. Members that do not apply are absent: those that are
/// optional here, numbers that count from 1 and are 0, empty texts. Times are in milliseconds.
/// @par Thread safety  Safe from any thread.
std::string to_json(explanation const& what);

} // namespace bctrl
