#pragma once

#include <bctrl/testing/reply.hpp>
#include <bctrl/testing/seen_request.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bctrl::testing {

class server_state;

/// Decides what becomes of a request; nothing: what the next in the order below says.
using reply_function = std::function<std::optional<reply>(seen_request const&)>;

/// The script for the requests to one path. A cheap handle.
/// @par Thread safety  None: it belongs to the thread that runs the simulation.
class path_script {
public:
    /// What becomes of the next request to this path that has no reply yet.
    /// @param times for how many requests
    path_script& then(reply const& what, unsigned times = 1);

    /// What becomes of the requests to this path that `then` does not cover.
    path_script& answer_with(reply_function decide);

private:
    friend class scripted_server;
    path_script(std::shared_ptr<server_state> of, std::string path) noexcept;

    std::shared_ptr<server_state> state_;
    std::string path_;
};

/// The server that all clients of a simulation talk to. What becomes of a request is decided by the
/// first of these that has a reply:
/// -# the replies given to `on(path).then`, each for one request,
/// -# the function given to `on(path).answer_with`,
/// -# the replies given to `then`, each for one request,
/// -# the function given to `answer_with`.
///
/// A request that none of them has a reply for is unscripted: it is held in silence until its client
/// ceases to ask, so that the deadlines of the client end it; `unscripted()` counts it, and the event
/// log says so.
///
/// A cheap handle, which may outlive its simulation.
/// @par Thread safety  None: it belongs to the thread that runs the simulation.
class scripted_server {
public:
    /// What becomes of the next request that has no reply yet.
    /// @param times for how many requests
    scripted_server& then(reply const& what, unsigned times = 1);

    /// What becomes of requests that no script covers. Replaces the function given before.
    scripted_server& answer_with(reply_function decide);

    /// The script for one path, as in "/v1/operations/op_1/wait": without the query, percent-encoded,
    /// with the path prefix of the client's base URL, if it has one.
    path_script on(std::string path);

    /// What was asked, the oldest first: every attempt of every call, those that found a fault
    /// included.
    std::deque<seen_request> const& requests() const noexcept;

    /// Keeps the last `most` requests from now on and forgets those before; 0 keeps none. Unless
    /// told otherwise the last 100,000 are kept.
    void keep_requests(std::size_t most);

    /// How many requests were begun, kept or not.
    std::uint64_t count() const noexcept;

    /// How many of them no script had a reply for.
    std::uint64_t unscripted() const noexcept;

    /// How many requests are being held now.
    std::size_t in_flight() const noexcept;

    /// How many of the replies given to `then`, here and for paths, wait for their request.
    std::size_t unused() const noexcept;

private:
    friend class simulation;
    explicit scripted_server(std::shared_ptr<server_state> state) noexcept;

    std::shared_ptr<server_state> state_;
};

} // namespace bctrl::testing
