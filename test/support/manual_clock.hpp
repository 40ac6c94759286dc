#pragma once

#include "base/clock.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace bctrl::testing {

/// A clock that stands still until it is told to go on. Alarms ring on their strand, so that what
/// they do is done by the next turns of the execution context, not within `advance`.
/// @par Thread safety  None: advance it from the thread that runs the context.
class manual_clock final : public clock {
public:
    steady_time now() const noexcept override { return now_; }
    system_time system_now() const noexcept override { return system_now_; }

    std::unique_ptr<alarm> make_alarm(strand const& runs_on, std::function<void()> ring) override {
        auto told = std::make_shared<appointment>(runs_on, std::move(ring));
        std::erase_if(appointments_, [](auto const& each) { return each.expired(); });
        appointments_.push_back(told);
        return std::make_unique<manual_alarm>(*this, std::move(told));
    }

    /// Goes on by `by` and rings what is due then.
    void advance(milliseconds by) {
        now_ += by;
        system_now_ += by;
        for (auto const& each : appointments_)
            if (auto const set = each.lock(); set && set->when && *set->when <= now_) ring(set);
    }

    /// The calendar, as servers' dates are read against it.
    void set_system_time(system_time now) noexcept { system_now_ = now; }

    /// When the next alarm rings; nothing if none is set.
    std::optional<steady_time> next_alarm() const {
        std::optional<steady_time> next;
        for (auto const& each : appointments_)
            if (auto const set = each.lock(); set && set->when)
                next = next ? std::min(*next, *set->when) : *set->when;
        return next;
    }

private:
    struct appointment {
        appointment(strand on, std::function<void()> what)
            : runs_on{std::move(on)}, ring{std::move(what)} {}

        strand runs_on;
        std::function<void()> ring;
        std::optional<steady_time> when;
    };

    static void ring(std::shared_ptr<appointment> const& set) {
        set->when.reset();
        boost::asio::post(set->runs_on, [weak = std::weak_ptr{set}] {
            if (auto const still = weak.lock()) still->ring();
        });
    }

    class manual_alarm final : public alarm {
    public:
        manual_alarm(manual_clock& of, std::shared_ptr<appointment> told)
            : clock_{of}, appointment_{std::move(told)} {}

        void set(steady_time when) override {
            appointment_->when = when;
            if (when <= clock_.now_) ring(appointment_);
        }
        void clear() noexcept override { appointment_->when.reset(); }

    private:
        manual_clock& clock_;
        std::shared_ptr<appointment> appointment_;
    };

    // Far from zero, so that a test may look back.
    steady_time now_{std::chrono::hours{1'000}};
    system_time system_now_{std::chrono::sys_days{std::chrono::year{2026} / 4 / 2}};
    std::vector<std::weak_ptr<appointment>> appointments_;
};

} // namespace bctrl::testing
