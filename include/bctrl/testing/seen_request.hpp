#pragma once

#include <bctrl/explanation.hpp>
#include <bctrl/testing/reply.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::testing {

/// A request as the scripted server was asked it. The API key is in none of its members.
/// @par Thread safety  As for std::string.
struct seen_request {
    std::uint64_t number = 0; ///< counts the requests of a simulation, from 1; as in the event log
    std::string method;
    std::string target;                  ///< path and query, percent-encoded
    std::string body;                    ///< JSON, or empty
    std::vector<header_line> headers;    ///< of this request; see `header` for all that are sent
    std::chrono::milliseconds at{0};     ///< when it was begun, since the start of the simulation
    lane_kind lane = lane_kind::control; ///< the kind of connections it goes over
    /// What its client sends with every request, but for the key.
    std::shared_ptr<std::vector<header_line> const> client_headers;

    /// `target` without the query.
    std::string_view path() const noexcept;
    /// What follows the `?` in `target`; empty without one.
    std::string_view query() const noexcept;
    /// The value of the first header of that name, in any case, among those of this request and
    /// those that its client sends with every one; empty if there is none.
    std::string_view header(std::string_view name) const noexcept;
    /// How long the server is asked to hold its answer: `timeoutMs` of a wait. Nothing if the body
    /// has no such member.
    std::optional<std::chrono::milliseconds> wait_time() const;
};

} // namespace bctrl::testing
