#pragma once

#include "support/manual_clock.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <functional>
#include <memory>

namespace bctrl::testing {

/// An execution context whose time is advanced by hand.
class manual_context {
public:
    boost::asio::io_context& context() noexcept { return context_; }
    std::shared_ptr<manual_clock> const& shared_time() const noexcept { return time_; }
    manual_clock& time() noexcept { return *time_; }

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

    /// Runs the context until `done()`, which something other than time must bring about.
    void run_until(std::function<bool()> const& done) {
        auto const work = boost::asio::make_work_guard(context_);
        context_.restart();
        while (!done())
            context_.run_one();
    }

private:
    boost::asio::io_context context_{1};
    std::shared_ptr<manual_clock> time_ = std::make_shared<manual_clock>();
};

} // namespace bctrl::testing
