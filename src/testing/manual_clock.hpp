#pragma once

#include "base/clock.hpp"

#include <boost/intrusive/set.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace bctrl::testing {

/// A clock that stands still until it is told to go on. Alarms ring on their strand, so that what
/// they do is done by the next turns of the execution context, not within `advance`.
/// @par Thread safety  None: advance it from the thread that runs the context.
class manual_clock final : public clock {
public:
    /// The time of every new clock. Far from zero, so that a test may look back.
    static constexpr steady_time beginning{std::chrono::hours{1'000}};

    steady_time now() const noexcept override { return now_; }
    system_time system_now() const noexcept override { return system_now_; }

    std::unique_ptr<alarm> make_alarm(strand const& runs_on, std::function<void()> ring) override;

    /// Goes on by `by` and rings what is due then.
    void advance(milliseconds by);

    /// The calendar, as servers' dates are read against it.
    void set_system_time(system_time now) noexcept { system_now_ = now; }

    /// When the next alarm rings; nothing if none is set.
    std::optional<steady_time> next_alarm() const;

private:
    class manual_alarm;
    using hook =
        boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

    /// What an alarm is set for. In the order of time while it is set, else nowhere.
    struct appointment : hook {
        appointment(strand on, std::function<void()> what);

        void unset() noexcept {
            if (is_linked()) unlink();
        }
        friend bool operator<(appointment const& a, appointment const& b) noexcept {
            return a.when < b.when;
        }

        strand runs_on;
        std::function<void()> ring;
        steady_time when{};
        std::weak_ptr<appointment> self;
    };

    static void ring(appointment& due);

    steady_time now_ = beginning;
    system_time system_now_{std::chrono::sys_days{std::chrono::year{2026} / 4 / 2}};
    boost::intrusive::multiset<appointment, boost::intrusive::constant_time_size<false>> set_;
};

} // namespace bctrl::testing
