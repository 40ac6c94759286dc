#pragma once

#include "base/frame_memory.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <exception>
#include <utility>
#include <vector>

namespace bctrl {

class parking;
class task_scope;

/// A coroutine that nobody awaits: begins when a `task_scope` begins it, which owns it, and destroys
/// itself when it has ended. An exception that leaves it ends the program: it reports its failures
/// itself.
class [[nodiscard]] root_task {
public:
    struct promise_type;

    root_task(root_task&& other) noexcept : promise_{std::exchange(other.promise_, nullptr)} {}
    root_task& operator=(root_task&&) = delete;
    ~root_task();

private:
    friend class task_scope;
    explicit root_task(promise_type& promise) noexcept : promise_{&promise} {}

    promise_type* promise_;
};

struct root_task::promise_type
    : resumption,
      boost::intrusive::list_base_hook<boost::intrusive::tag<task_scope>,
                                       boost::intrusive::link_mode<boost::intrusive::normal_link>> {
    static void* operator new(std::size_t bytes) { return frame_memory::take(bytes); }
    static void operator delete(void* frame, std::size_t bytes) noexcept {
        frame_memory::give_back(frame, bytes);
    }

    struct leave_scope {
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept;
        void await_resume() const noexcept {}
    };

    root_task get_return_object() noexcept {
        suspended = std::coroutine_handle<promise_type>::from_promise(*this);
        return root_task{*this};
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    leave_scope final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

    std::coroutine_handle<promise_type> frame() noexcept {
        return std::coroutine_handle<promise_type>::from_promise(*this);
    }

    task_scope* scope = nullptr;
};

inline root_task::~root_task() {
    if (promise_) promise_->frame().destroy();
}

/// Owns coroutines that nobody awaits: calls, dials. It can count them, tell when the last one has
/// ended, and destroy those that never will because their execution context vanishes.
class task_scope {
public:
    explicit task_scope(scheduler& runs_on) noexcept : scheduler_{runs_on} {}
    task_scope(task_scope const&) = delete;
    task_scope& operator=(task_scope const&) = delete;
    ~task_scope() { destroy_all(); }

    /// Starts `work` in a turn of its own.
    void spawn(root_task work);
    void spawn(task<> work);

    /// Starts `work` at once. For callers at the bottom of a turn.
    void begin(root_task work);
    void begin(task<> work);

    std::size_t running() const noexcept { return running_; }

    /// Wakes `place` when the last task has ended, and forgets it then.
    void wake_when_idle(parking& place) { awaiting_idle_.push_back(&place); }
    void forget(parking& place) noexcept { std::erase(awaiting_idle_, &place); }

    /// Destroys the suspended frames. Only for the end of the execution context.
    void destroy_all() noexcept;

private:
    using root = root_task::promise_type;

    friend struct root_task::promise_type::leave_scope;
    root& own(root_task work);
    void leave(root& ended) noexcept;

    using root_hook = boost::intrusive::base_hook<boost::intrusive::list_base_hook<
        boost::intrusive::tag<task_scope>,
        boost::intrusive::link_mode<boost::intrusive::normal_link>>>;

    scheduler& scheduler_;
    boost::intrusive::list<root, root_hook, boost::intrusive::constant_time_size<false>> roots_;
    std::size_t running_ = 0;
    std::vector<parking*> awaiting_idle_;
};

} // namespace bctrl
