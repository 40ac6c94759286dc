#pragma once

#include "testing/manual_clock.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace bctrl::testing {

/// An execution context whose time is advanced by hand.
class manual_context {
public:
    /// With an execution context of its own.
    manual_context() : own_{std::make_unique<boost::asio::io_context>(1)}, context_{*own_} {}
    /// Over one that exists, and outlives this.
    explicit manual_context(boost::asio::io_context& given) : context_{given} {}

    boost::asio::io_context& context() noexcept { return context_; }
    std::shared_ptr<manual_clock> const& shared_time() const noexcept { return time_; }
    manual_clock& time() noexcept { return *time_; }
    manual_clock const& time() const noexcept { return *time_; }

    /// Runs what is due now.
    void settle();

    /// Lets time pass, one alarm after the other, and runs what comes due.
    void pass(milliseconds by);

    /// The same, until `done()`, which is asked after each alarm.
    /// @returns whether it was done
    bool pass_until(std::function<bool()> const& done, milliseconds at_most);

    /// Runs the context until `done()`, which something other than time must bring about.
    void run_until(std::function<bool()> const& done);

private:
    /// Goes on to the next alarm, or to `end` if that is sooner, and runs what is due then.
    void pass_once(steady_time end);

    std::shared_ptr<manual_clock> time_ = std::make_shared<manual_clock>();
    std::unique_ptr<boost::asio::io_context> own_;
    boost::asio::io_context& context_;
};

} // namespace bctrl::testing
