#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace bctrl {

/// Every client runs its parts on one strand over the user's executor.
using strand = boost::asio::strand<boost::asio::any_io_executor>;

using steady_time = std::chrono::steady_clock::time_point;
using system_time = std::chrono::system_clock::time_point;
using std::chrono::milliseconds;

/// `by` after `from`, or the end of time: callers write `milliseconds::max()` for "for ever". A
/// negative time is none.
constexpr steady_time later(steady_time from, milliseconds by) noexcept {
    auto const room = std::chrono::floor<milliseconds>(steady_time::max() - from);
    if (by.count() <= 0) return from;
    return by < room ? from + by : steady_time::max();
}

/// One pending wake-up. The client has a single alarm; its deadlines share it.
class alarm {
public:
    virtual ~alarm() = default;
    /// Rings at `when` or soon after; replaces what was set before.
    virtual void set(steady_time when) = 0;
    virtual void clear() noexcept = 0;
};

/// Where the library takes time from. Tests install one that they advance by hand.
class clock {
public:
    virtual ~clock() = default;
    /// Monotonic: deadlines, latencies, ages.
    virtual steady_time now() const noexcept = 0;
    /// The calendar: only to read dates that a server sends.
    virtual system_time system_now() const noexcept = 0;
    /// An alarm that calls `ring` on `runs_on`, never from within `set`. It stays silent after it
    /// is destroyed.
    virtual std::unique_ptr<alarm> make_alarm(strand const& runs_on,
                                              std::function<void()> ring) = 0;
};

/// The clock of the machine.
std::shared_ptr<clock> real_clock();

} // namespace bctrl
