#pragma once

#include "base/scheduler.hpp"

namespace bctrl {

/// Suspends the coroutine that awaits it until `wake()`, or until its signal is given. One use.
///
///     parking place{scheduler, stop};
///     queue.push(place);
///     co_await place;              // afterwards: stop.requested() tells why
class parking : private resumption, private stop_listener {
public:
    parking(scheduler& runs_on, stop_signal& stop) noexcept : scheduler_{runs_on}, stop_{stop} {}

    void wake() {
        woken_ = true;
        if (suspended) scheduler_.resume_later(*this);
    }

    scheduler& runs_on() const noexcept { return scheduler_; }
    /// Why it was stopped, or `none`.
    stop_reason stopped() const noexcept { return stop_.reason(); }

    bool await_ready() const noexcept { return woken_ || stop_.requested(); }
    void await_suspend(std::coroutine_handle<> awaiting) noexcept {
        suspended = awaiting;
        stop_.listen(*this);
    }
    /// True if it was woken, even when it was stopped too: what it waited for has arrived.
    bool await_resume() noexcept {
        resumed();
        stop_listening();
        return woken_;
    }

private:
    void stop_requested(stop_reason) noexcept override { scheduler_.resume_later(*this); }

    scheduler& scheduler_;
    stop_signal& stop_;
    bool woken_ = false;
};

/// Shows a place to whoever wakes it, for as long as this lives.
class shown_place {
public:
    shown_place(parking*& to, parking& place) noexcept : to_{to} { to_ = &place; }
    shown_place(shown_place const&) = delete;
    shown_place& operator=(shown_place const&) = delete;
    ~shown_place() { to_ = nullptr; }

private:
    parking*& to_;
};

/// Suspends the coroutine that awaits it until `when`, or until the signal is given.
class sleep_until : private deadline {
public:
    sleep_until(scheduler& runs_on, steady_time when, stop_signal& stop) noexcept
        : scheduler_{runs_on}, when_{when}, place_{runs_on, stop} {}

    bool await_ready() const noexcept { return place_.await_ready(); }
    void await_suspend(std::coroutine_handle<> awaiting) {
        scheduler_.deadlines().arm(*this, when_);
        place_.await_suspend(awaiting);
    }
    /// True if the time has come, false if it was stopped before.
    bool await_resume() noexcept {
        disarm();
        return place_.await_resume();
    }

private:
    void expired() noexcept override { place_.wake(); }

    scheduler& scheduler_;
    steady_time when_;
    parking place_;
};

/// Lets everything go on that is due, before the coroutine that awaits it does.
class next_turn : private resumption {
public:
    explicit next_turn(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) {
        suspended = awaiting;
        scheduler_.resume_later(*this);
    }
    void await_resume() noexcept { resumed(); }

private:
    scheduler& scheduler_;
};

/// Gives `signal` for `reason` at a point in time.
class stop_at final : private deadline {
public:
    stop_at(stop_signal& signal, stop_reason reason) noexcept : signal_{signal}, reason_{reason} {}

    void set(scheduler& runs_on, steady_time when) {
        disarm();
        runs_on.deadlines().arm(*this, when);
    }

private:
    void expired() noexcept override { signal_.request(reason_); }

    stop_signal& signal_;
    stop_reason reason_;
};

} // namespace bctrl
