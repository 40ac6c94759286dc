#pragma once

#include <bctrl/testing/event_log.hpp>
#include <bctrl/testing/scripted_server.hpp>

#include "base/clock.hpp"
#include "base/stop.hpp"
#include "transport/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::testing {

/// What stands on the other side of the wire, shared by every client of a simulation: the script, and
/// the memory of what was asked.
class server_state {
public:
    /// @param start the time that requests and events are told relative to
    explicit server_state(steady_time start) noexcept : start_{start} {}

    /// Replies for some of the requests: first one each, then whatever a function says.
    struct script {
        std::deque<reply> once;
        /// Shared: it may be replaced while it decides.
        std::shared_ptr<reply_function const> otherwise;

        std::optional<reply> next(seen_request const& asked);
        void answer_with(reply_function decide);
    };

    script& general() noexcept { return general_; }
    script& at(std::string path) { return paths_[std::move(path)]; }
    std::size_t unused() const noexcept;

    /// A request came.
    /// @returns what becomes of it
    reply ask(seen_request asked);
    /// What a request ended in.
    void answered(std::uint64_t number, int status, steady_time now);
    void failed(std::uint64_t number, reply const& what, steady_time now);
    void stopped(std::uint64_t number, stop_reason why, steady_time now);
    void note(std::string text, steady_time now);

    /// Numbers the next request.
    std::uint64_t count() const noexcept { return count_; }
    std::uint64_t unscripted() const noexcept { return unscripted_; }
    std::size_t in_flight() const noexcept { return in_flight_; }
    void hold() noexcept { ++in_flight_; }
    void let_go() noexcept { --in_flight_; }

    std::deque<seen_request> const& requests() const noexcept { return requests_; }
    void keep_requests(std::size_t most);
    event_log& log() noexcept { return log_; }

    milliseconds since_start(steady_time now) const noexcept {
        return std::chrono::floor<milliseconds>(now - start_);
    }

private:
    std::optional<reply> decide(seen_request const& asked);
    void remember(seen_request asked);
    void remember_begin(seen_request const& asked, bool scripted);

    steady_time start_;
    script general_;
    std::map<std::string, script, std::less<>> paths_;
    std::uint64_t count_ = 0;
    std::uint64_t unscripted_ = 0;
    std::size_t in_flight_ = 0;
    std::size_t most_requests_ = event_log::usual_size;
    std::deque<seen_request> requests_;
    event_log log_;
};

} // namespace bctrl::testing
