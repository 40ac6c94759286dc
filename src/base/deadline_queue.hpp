#pragma once

#include "base/clock.hpp"

#include <boost/intrusive/set.hpp>

#include <memory>

namespace bctrl {

/// A point in time that somebody waits for. Lives inside the frame that waits and leaves the queue
/// by itself when destroyed: a deadline costs no allocation and no timer of its own.
class deadline : public boost::intrusive::set_base_hook<
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>,
                     boost::intrusive::optimize_size<true>> {
public:
    deadline() = default;
    deadline(deadline const&) = delete;
    deadline& operator=(deadline const&) = delete;

    steady_time when() const noexcept { return when_; }
    bool armed() const noexcept { return is_linked(); }
    void disarm() noexcept {
        if (is_linked()) unlink();
    }

    friend bool operator<(deadline const& a, deadline const& b) noexcept {
        return a.when_ < b.when_;
    }

protected:
    ~deadline() = default;

private:
    friend class deadline_queue;
    /// Called once when the time has come, on the client's strand. Must not resume a coroutine
    /// directly.
    virtual void expired() noexcept = 0;

    steady_time when_{};
};

/// All deadlines of one client, over a single alarm.
class deadline_queue {
public:
    deadline_queue(clock& time, strand const& runs_on);

    /// @pre `!d.armed()`
    void arm(deadline& d, steady_time when);

    /// Clears the alarm if nothing is pending: it may still be set for a deadline that was
    /// disarmed.
    void rest() noexcept;

private:
    /// What the alarm refers to.
    struct pending {
        explicit pending(clock& time) noexcept : clock_{time} {}

        void ring();
        void set_alarm();

        clock& clock_;
        std::unique_ptr<alarm> alarm_;
        steady_time alarm_at_ = steady_time::max();
        boost::intrusive::multiset<deadline, boost::intrusive::constant_time_size<false>>
            deadlines_;
    };

    std::shared_ptr<pending> pending_;
};

} // namespace bctrl
