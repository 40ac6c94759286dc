#pragma once

#include "base/clock.hpp"
#include "base/deadline_queue.hpp"
#include "base/gauges.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

#include <boost/intrusive/list.hpp>

#include <coroutine>
#include <cstdint>
#include <memory>

namespace bctrl {

class resumption;

namespace detail {
using resumption_hook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<resumption>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
} // namespace detail

/// A suspended coroutine that is due to go on. Lives in its awaiter and leaves the queue by itself.
class resumption : public detail::resumption_hook {
public:
    resumption() = default;
    resumption(resumption const&) = delete;
    resumption& operator=(resumption const&) = delete;

protected:
    ~resumption() = default;

    /// For `await_resume`: the coroutine goes on, nobody else may resume it from here any more.
    void resumed() noexcept {
        suspended = nullptr;
        if (is_linked()) unlink();
    }

    std::coroutine_handle<> suspended;

private:
    friend class scheduler;
};

/// Something to be done when everything that was due in a turn has gone on: once, however often it
/// was asked for. Leaves the queue by itself.
class turn_end : public boost::intrusive::list_base_hook<
                     boost::intrusive::tag<turn_end>,
                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    turn_end() = default;
    turn_end(turn_end const&) = delete;
    turn_end& operator=(turn_end const&) = delete;

protected:
    ~turn_end() = default;

private:
    friend class scheduler;
    virtual void turn_ended() noexcept = 0;
};

/// What the coroutines of one client run on: its strand, time, chance, deadlines, and the queue of
/// those that may go on. Everything but `executor()` is used on the strand only.
class scheduler : public std::enable_shared_from_this<scheduler> {
public:
    scheduler(boost::asio::any_io_executor executor, std::shared_ptr<clock> time,
              std::shared_ptr<randomness> chance);

    strand const& executor() const noexcept { return *strand_; }
    /// For what may outlive this for a moment, in large numbers.
    std::shared_ptr<strand const> const& shared_executor() const noexcept { return strand_; }
    steady_time now() const noexcept { return clock_->now(); }
    clock const& time() const noexcept { return *clock_; }
    randomness& random() noexcept { return *random_; }
    deadline_queue& deadlines() noexcept { return *deadlines_; }

    /// Resumes `r` in a turn of its own: whoever calls this may sit deep inside a connection or a
    /// signal that the resumed coroutine would destroy.
    void resume_later(resumption& r);

    /// Tells `t` at the end of this turn, or of the next one if none is under way.
    void at_end_of_turn(turn_end& t);

    /// Notifications that were asked of the system and have not come; see `notification`.
    std::int64_t notifications() const noexcept { return live_->watches.load(); }
    void notification_owed() noexcept { ++live_->watches; }
    void notification_came();
    /// It never will; from any thread.
    void notification_dropped() noexcept { --live_->watches; }
    /// Resumes `r` in a turn of its own when the last of them has come.
    /// @pre `notifications() > 0`
    void resume_when_notified(resumption& r) noexcept { awaiting_notifications_.push_back(r); }

    /// Lets go of everything that refers to the execution context, which is about to vanish.
    void shut_down() noexcept;

    /// What is left to count when everything should be gone.
    std::shared_ptr<gauges> const& live() const noexcept { return live_; }

private:
    void post_turn();
    void resume_all();
    void end_turn();

    std::shared_ptr<strand const> strand_;
    std::shared_ptr<clock> clock_;
    std::shared_ptr<randomness> random_;
    std::unique_ptr<deadline_queue> deadlines_;
    using resumptions =
        boost::intrusive::list<resumption, boost::intrusive::base_hook<detail::resumption_hook>,
                               boost::intrusive::constant_time_size<false>>;
    resumptions due_;
    resumptions awaiting_notifications_;
    boost::intrusive::list<turn_end,
                           boost::intrusive::base_hook<boost::intrusive::list_base_hook<
                               boost::intrusive::tag<turn_end>,
                               boost::intrusive::link_mode<boost::intrusive::auto_unlink>>>,
                           boost::intrusive::constant_time_size<false>>
        ends_;
    std::shared_ptr<gauges> live_ = std::make_shared<gauges>();
    bool turn_posted_ = false;
    bool in_turn_ = false;
};

} // namespace bctrl
