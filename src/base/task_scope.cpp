#include "base/task_scope.hpp"

#include "base/parking.hpp"

#include <utility>

namespace bctrl {

namespace {

detail::root_frame run(task_scope&, task<> work) {
    // Not moved: g++ 12 would move it into a temporary that ends here, and with it what the task owns,
    // perhaps this scope, while the frame still counts as running.
    co_await work;
}

} // namespace

void detail::root_frame::leave_scope::await_suspend(
    std::coroutine_handle<promise_type> ended) const noexcept {
    auto& scope = ended.promise().scope;
    scope.leave(ended.promise());
}

detail::root_frame::promise_type& task_scope::own(task<> work) {
    auto frame = run(*this, std::move(work));
    roots_.push_back(frame.promise);
    ++running_;
    return frame.promise;
}

void task_scope::spawn(task<> work) {
    auto& promise = own(std::move(work));
    try {
        scheduler_.resume_later(promise);
    } catch (...) {
        // It will never begin, and must not be counted as running.
        leave(promise);
        throw;
    }
}

void task_scope::begin(task<> work) {
    auto& promise = own(std::move(work));
    std::coroutine_handle<detail::root_frame::promise_type>::from_promise(promise).resume();
}

void task_scope::leave(detail::root_frame::promise_type& ended) noexcept {
    roots_.erase(roots_.iterator_to(ended));
    --running_;
    // What the frame owns may hold the last reference to this scope: nothing is touched afterwards.
    if (running_ == 0)
        for (auto* const each : std::exchange(awaiting_idle_, {}))
            each->wake();
    std::coroutine_handle<detail::root_frame::promise_type>::from_promise(ended).destroy();
}

void task_scope::destroy_all() noexcept {
    while (!roots_.empty()) {
        auto& next = roots_.front();
        roots_.pop_front();
        --running_;
        std::coroutine_handle<detail::root_frame::promise_type>::from_promise(next).destroy();
    }
}

} // namespace bctrl
