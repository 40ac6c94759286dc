#pragma once

#include "base/scheduler.hpp"
#include "base/task_scope.hpp"
#include "support/manual_clock.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace bctrl::testing {

/// The value that a task ended with, once it has.
template <class T> using pending = std::shared_ptr<std::optional<T>>;

/// Where tasks run in tests: an execution context, a scheduler with manual time and seeded chance.
class strand_bench {
public:
    ~strand_bench() {
        scope_.destroy_all();
        scheduler_->shut_down();
    }

    boost::asio::io_context& context() noexcept { return context_; }
    manual_clock& time() noexcept { return *time_; }
    scheduler& runs_on() noexcept { return *scheduler_; }
    task_scope& scope() noexcept { return scope_; }
    gauges const& live() const noexcept { return *scheduler_->live(); }

    /// Runs what is due now.
    void settle() {
        context_.restart();
        context_.poll();
    }

    /// Lets time pass, one alarm after the other, and runs what comes due.
    void pass(milliseconds by) {
        auto const end = time_->now() + by;
        settle();
        while (time_->now() < end) {
            auto const next = time_->next_alarm();
            auto const until = next && *next < end ? std::max(*next, time_->now()) : end;
            time_->advance(std::chrono::ceil<milliseconds>(until - time_->now()));
            settle();
        }
    }

    /// Begins `work`; its value appears when it has ended.
    template <class T> pending<T> start(task<T> work) {
        auto ended = std::make_shared<std::optional<T>>();
        scope_.spawn(keep(std::move(work), ended));
        settle();
        return ended;
    }

    /// Runs the context until `work` has ended. For work that waits for real sockets.
    template <class T> T finish(task<T> work) { return finish(start(std::move(work))); }
    template <class T> T finish(pending<T> ended) {
        run_until([&] { return ended->has_value(); });
        return std::move(**ended);
    }

    /// Runs the context until `done()`, which something other than time must bring about.
    void run_until(std::function<bool()> const& done) {
        auto const work = boost::asio::make_work_guard(context_);
        context_.restart();
        while (!done())
            context_.run_one();
    }

private:
    template <class T> static task<> keep(task<T> work, pending<T> into) {
        auto value = co_await std::move(work);
        into->emplace(std::move(value));
    }

    boost::asio::io_context context_{1};
    std::shared_ptr<manual_clock> time_ = std::make_shared<manual_clock>();
    std::shared_ptr<scheduler> scheduler_ = std::make_shared<scheduler>(
        boost::asio::any_io_executor{context_.get_executor()}, time_, seeded_randomness(1));
    task_scope scope_{*scheduler_};
};

} // namespace bctrl::testing
