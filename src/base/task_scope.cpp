#include "base/task_scope.hpp"

#include "base/parking.hpp"

#include <utility>

namespace bctrl {

namespace {

root_task run(task<> work) {
    // Not moved: g++ 12 would move it into a temporary that ends here, and with it what the task owns,
    // perhaps the scope, while the frame still counts as running.
    co_await work;
}

} // namespace

void root_task::promise_type::leave_scope::await_suspend(
    std::coroutine_handle<promise_type> ended) const noexcept {
    auto& promise = ended.promise();
    promise.scope->leave(promise);
}

task_scope::root& task_scope::own(root_task work) {
    auto& owned = *std::exchange(work.promise_, nullptr);
    owned.scope = this;
    roots_.push_back(owned);
    ++running_;
    return owned;
}

void task_scope::spawn(root_task work) {
    auto& owned = own(std::move(work));
    try {
        scheduler_.resume_later(owned);
    } catch (...) {
        // It will never begin, and must not be counted as running.
        leave(owned);
        throw;
    }
}

void task_scope::spawn(task<> work) {
    spawn(run(std::move(work)));
}

void task_scope::begin(root_task work) {
    own(std::move(work)).frame().resume();
}

void task_scope::begin(task<> work) {
    begin(run(std::move(work)));
}

void task_scope::leave(root& ended) noexcept {
    roots_.erase(roots_.iterator_to(ended));
    --running_;
    // What the frame owns may hold the last reference to this scope: nothing is touched afterwards.
    if (running_ == 0)
        for (auto* const each : std::exchange(awaiting_idle_, {}))
            each->wake();
    ended.frame().destroy();
}

void task_scope::destroy_all() noexcept {
    while (!roots_.empty()) {
        auto& next = roots_.front();
        roots_.pop_front();
        --running_;
        next.frame().destroy();
    }
}

} // namespace bctrl
