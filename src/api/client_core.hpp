#pragma once

#include "api/configuration.hpp"
#include "api/wait_desk.hpp"
#include "base/activity.hpp"
#include "base/scheduler.hpp"
#include "base/stop.hpp"
#include "base/task_scope.hpp"
#include "rpc/call.hpp"
#include "transport/transport.hpp"

#include <bctrl/client_stats.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

namespace bctrl {

/// What tests replace: where time, chance and answers come from.
struct client_parts {
    std::shared_ptr<clock> time;
    std::shared_ptr<randomness> chance;
    /// None: connections to the origin of the configuration.
    std::function<std::unique_ptr<transport>(scheduler&)> carrier{};
};

namespace detail {

/// All that lives behind a `client` and its handles. Owned by them and by every call in flight.
/// Used on the client's strand, but for what is said to be safe from any thread.
class client_core : public std::enable_shared_from_this<client_core> {
public:
    /// Makes a core that ends with the execution context of `executor`, if nothing ends it before.
    static std::shared_ptr<client_core> make(boost::asio::any_io_executor executor,
                                             configuration settings, client_parts parts);
    ~client_core();

    scheduler& runs_on() noexcept { return *scheduler_; }
    transport& carrier() noexcept { return *transport_; }
    /// Where the client was told to work; none once the context is gone. Safe from any thread.
    boost::asio::any_io_executor executor() const noexcept;
    rpc::endpoint& endpoint() noexcept { return endpoint_; }
    rpc::endpoint const& endpoint() const noexcept { return endpoint_; }
    configuration const& settings() const noexcept { return settings_; }
    /// Is given when the client closes; every call's own signal is nested in it.
    stop_signal& ending() noexcept { return ending_; }

    /// The calls in flight, as they tell of themselves.
    call_list& in_flight() noexcept { return in_flight_; }

    task_scope& calls() noexcept { return calls_; }
    /// Closing is no call: it must not wait for itself.
    task_scope& closings() noexcept { return closings_; }

    /// What all waits have in common.
    wait_desk& waits() noexcept { return waits_; }

    /// No call is begun any more.
    void refuse_calls() noexcept { refusing_ = true; }
    bool refuses_calls() const noexcept { return refusing_; }

    /// Stops every call and closes every connection, without waiting.
    void abandon() noexcept;

    /// Completes when nothing is left, after calls in flight have had `patience` to end by
    /// themselves.
    task<> closed(std::chrono::milliseconds patience, stop_signal& impatience);

    /// The execution context is gone or going: nothing can be begun or completed. Safe from any
    /// thread.
    bool context_gone() const noexcept { return context_gone_.load(std::memory_order_acquire); }

    /// Destroys everything that refers to the execution context, which is about to vanish.
    void shut_down() noexcept;

    /// Safe from any thread.
    client_stats stats() const noexcept;
    /// What the lanes are doing. Tells the calls that wait for a connection their places.
    std::vector<lane_explanation> explain_lanes() const { return transport_->explain(); }

private:
    client_core(boost::asio::any_io_executor executor, configuration settings, client_parts parts);

    task<> calls_ended(std::chrono::milliseconds patience, stop_signal& impatience);
    task<> idle(task_scope& scope, stop_signal& enough);

    configuration settings_;
    std::shared_ptr<scheduler> scheduler_;
    std::shared_ptr<gauges> live_;
    std::unique_ptr<transport> transport_;
    rpc::endpoint endpoint_;
    stop_signal ending_;
    call_list in_flight_;
    // In front of the calls: a wait that vanishes with them leaves its poll, and that the desk.
    wait_desk waits_;
    task_scope calls_;
    task_scope closings_;
    bool refusing_ = false;
    std::atomic<bool> context_gone_{false};
};

} // namespace detail
} // namespace bctrl
