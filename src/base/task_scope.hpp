#pragma once

#include "base/scheduler.hpp"
#include "base/task.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <exception>
#include <vector>

namespace bctrl {

class parking;
class task_scope;

namespace detail {

/// The frame at the bottom of a spawned task; destroys itself when the task has ended.
struct root_frame {
    struct promise_type;
    struct leave_scope {
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept;
        void await_resume() const noexcept {}
    };
    struct promise_type : resumption,
                          boost::intrusive::list_base_hook<
                              boost::intrusive::tag<task_scope>,
                              boost::intrusive::link_mode<boost::intrusive::normal_link>> {
        explicit promise_type(task_scope& owner, task<>&) noexcept : scope{owner} {}
        root_frame get_return_object() noexcept {
            suspended = std::coroutine_handle<promise_type>::from_promise(*this);
            return root_frame{*this};
        }
        std::suspend_always initial_suspend() const noexcept { return {}; }
        leave_scope final_suspend() const noexcept { return {}; }
        void return_void() const noexcept {}
        [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

        task_scope& scope;
    };

    promise_type& promise;
};

} // namespace detail

/// Owns coroutines that nobody awaits: calls, dials. It can count them, tell when the last one has
/// ended, and destroy those that never will because their execution context vanishes.
class task_scope {
public:
    explicit task_scope(scheduler& runs_on) noexcept : scheduler_{runs_on} {}
    task_scope(task_scope const&) = delete;
    task_scope& operator=(task_scope const&) = delete;
    ~task_scope() { destroy_all(); }

    /// Starts `work` in a turn of its own. An exception that leaves `work` ends the program: work
    /// reports its failures itself.
    void spawn(task<> work);

    /// Starts `work` at once. For callers at the bottom of a turn.
    void begin(task<> work);

    std::size_t running() const noexcept { return running_; }

    /// Wakes `place` when the last task has ended, and forgets it then.
    void wake_when_idle(parking& place) { awaiting_idle_.push_back(&place); }
    void forget(parking& place) noexcept { std::erase(awaiting_idle_, &place); }

    /// Destroys the suspended frames. Only for the end of the execution context.
    void destroy_all() noexcept;

private:
    friend struct detail::root_frame::leave_scope;
    detail::root_frame::promise_type& own(task<> work);
    void leave(detail::root_frame::promise_type& ended) noexcept;

    using root_hook = boost::intrusive::base_hook<boost::intrusive::list_base_hook<
        boost::intrusive::tag<task_scope>,
        boost::intrusive::link_mode<boost::intrusive::normal_link>>>;

    scheduler& scheduler_;
    boost::intrusive::list<detail::root_frame::promise_type, root_hook,
                           boost::intrusive::constant_time_size<false>>
        roots_;
    std::size_t running_ = 0;
    std::vector<parking*> awaiting_idle_;
};

} // namespace bctrl
