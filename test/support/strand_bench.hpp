#pragma once

#include "base/scheduler.hpp"
#include "base/task_scope.hpp"
#include "support/manual_context.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace bctrl::testing {

/// The value that a task ended with, once it has.
template <class T>
using pending = std::shared_ptr<std::optional<T>>;

/// Runs `work` and puts its value where it can be seen.
template <class T>
task<> keep(task<T> work, pending<T> into) {
    auto value = co_await std::move(work);
    into->emplace(std::move(value));
}

/// Where tasks run in tests: a scheduler with manual time and seeded chance.
class strand_bench : public manual_context {
public:
    ~strand_bench() {
        scope_.destroy_all();
        scheduler_->shut_down();
    }

    scheduler& runs_on() noexcept { return *scheduler_; }
    task_scope& scope() noexcept { return scope_; }
    gauges const& live() const noexcept { return *scheduler_->live(); }

    /// Begins `work`; its value appears when it has ended.
    template <class T>
    pending<T> start(task<T> work) {
        auto ended = std::make_shared<std::optional<T>>();
        scope_.spawn(keep(std::move(work), ended));
        settle();
        return ended;
    }

    /// Runs the context until `work` has ended. For work that waits for real sockets.
    template <class T>
    T finish(task<T> work) {
        return finish(start(std::move(work)));
    }
    template <class T>
    T finish(pending<T> const& ended) {
        run_until([&] { return ended->has_value(); });
        return std::move(**ended);
    }

private:
    std::shared_ptr<scheduler> scheduler_ =
        std::make_shared<scheduler>(boost::asio::any_io_executor{context().get_executor()},
                                    shared_time(), seeded_randomness(1));
    task_scope scope_{*scheduler_};
};

} // namespace bctrl::testing
