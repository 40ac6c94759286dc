#pragma once

#include "scenario.hpp"

#include <bctrl/operation.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace demo {

/// Counts endings as they come.
class tally {
public:
    explicit tally(std::size_t operations) : in_flight_{operations} {}

    /// An operation has ended as `seen`.
    void ended(scripted_operation const& as_scripted, bctrl::operation seen,
               std::chrono::steady_clock::time_point woken);
    /// A wait or a cancel has failed, which no script asks for.
    void failed(std::string why);

    std::size_t in_flight() const noexcept { return in_flight_; }
    std::size_t as_scripted() const noexcept { return as_scripted_; }

    /// One line for people who watch.
    std::string progress_line(std::chrono::steady_clock::duration since_start) const;

    /// Endings expected and seen, latencies, one failure explained, and faults if there are any.
    /// @param from when each operation ended on the server
    std::string report(bctrl::emulator::server const& from) const;

private:
    static constexpr std::size_t statuses = 9; ///< `bctrl::durable_status` has so many

    struct wake_up {
        std::string id;
        std::chrono::steady_clock::time_point at;
    };

    std::size_t count(bctrl::durable_status status) const {
        return seen_[static_cast<std::size_t>(status)];
    }
    std::string latencies(bctrl::emulator::server const& from) const;

    std::size_t in_flight_;
    std::size_t as_scripted_ = 0;
    std::array<std::size_t, statuses> expected_{};
    std::array<std::size_t, statuses> seen_{};
    std::vector<wake_up> woken_;
    std::optional<bctrl::operation> a_failed_one_;
    std::vector<std::string> faults_;
};

} // namespace demo
