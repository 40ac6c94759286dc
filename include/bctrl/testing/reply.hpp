#pragma once

#include <bctrl/error.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::testing {

/// A header line: name and value.
using header_line = std::pair<std::string, std::string>;

/// How far a request gets before its fault. It decides whether the client may send it again.
enum class reached {
    nothing_sent, ///< the server cannot have seen the request
    request_sent, ///< the server may have acted on the request
    answer_begun, ///< a part of the answer came
};

/// What becomes of one request: an answer, a fault, or silence. Made by the functions of
/// `<bctrl/testing/replies.hpp>`; a plain value, to be copied and changed at will.
/// @par Thread safety  As for std::string.
struct reply {
    /// What there is instead of the other two.
    enum class kind {
        answer,  ///< `status`, `headers` and `body`
        fault,   ///< no answer: `error`, `cause`, `how_far`
        silence, ///< nothing comes, until the client stops asking
    };

    // No aggregate: g++ 12 destroys aggregates twice that are made inside a `co_await`.
    reply() = default;

    /// The same, but not before `time` has passed since the request.
    reply after(std::chrono::milliseconds time) const& { return reply{*this}.after(time); }
    reply after(std::chrono::milliseconds time) && {
        delay = time;
        return std::move(*this);
    }

    kind what = kind::silence;
    int status = 0;
    std::vector<header_line> headers;
    std::string body;
    error_code error;                        ///< what the attempt ends with
    error_code cause;                        ///< the error of the system below it, if there is one
    reached how_far = reached::request_sent; ///< of a fault, or of the silence
    std::string message;                     ///< for people; the event log shows it
    std::chrono::milliseconds delay{0};      ///< how long after the request it comes
};

} // namespace bctrl::testing
