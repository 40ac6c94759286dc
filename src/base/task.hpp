#pragma once

#include "base/frame_memory.hpp"

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace bctrl {

namespace detail {

/// Hands control to whoever awaits the task, without growing the stack.
struct resume_awaiting {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
        return ended.promise().awaiting;
    }
    void await_resume() const noexcept {}
};

struct task_promise_base {
    static void* operator new(std::size_t bytes) { return frame_memory::take(bytes); }
    static void operator delete(void* frame, std::size_t bytes) noexcept {
        frame_memory::give_back(frame, bytes);
    }

    std::suspend_always initial_suspend() const noexcept { return {}; }
    resume_awaiting final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { exception = std::current_exception(); }

    std::coroutine_handle<> awaiting;
    std::exception_ptr exception;
};

template <class T>
struct task_promise;

} // namespace detail

/// A coroutine of the library: starts when awaited, resumes its awaiter when it ends, and is
/// destroyed with the frame that holds it. Destroying a suspended task destroys all tasks that it
/// awaits, which is how calls vanish with their execution context.
///
/// Much smaller than an `asio::awaitable`: no cancellation state, no thread of frames, no executor.
/// Cancellation is explicit (`stop_signal`).
template <class T = void>
class [[nodiscard]] task {
public:
    using promise_type = detail::task_promise<T>;

    explicit task(std::coroutine_handle<promise_type> frame) noexcept : frame_{frame} {}
    task(task&& other) noexcept : frame_{std::exchange(other.frame_, nullptr)} {}
    task& operator=(task&&) = delete;
    ~task() {
        if (frame_) frame_.destroy();
    }

    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
        frame_.promise().awaiting = awaiting;
        return frame_;
    }
    T await_resume() { return frame_.promise().take(); }

private:
    std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
struct task_promise : task_promise_base {
    task<T> get_return_object() noexcept {
        return task<T>{std::coroutine_handle<task_promise>::from_promise(*this)};
    }
    template <class U>
    void return_value(U&& returned) {
        value.emplace(std::forward<U>(returned));
    }
    T take() {
        if (exception) std::rethrow_exception(exception);
        return std::move(*value);
    }

    std::optional<T> value;
};

template <>
struct task_promise<void> : task_promise_base {
    task<void> get_return_object() noexcept {
        return task<void>{std::coroutine_handle<task_promise>::from_promise(*this)};
    }
    void return_void() const noexcept {}
    void take() const {
        if (exception) std::rethrow_exception(exception);
    }
};

} // namespace detail
} // namespace bctrl
