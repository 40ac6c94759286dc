#include "api/client_core.hpp"

#include "api/context_service.hpp"
#include "base/notification.hpp"
#include "base/parking.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

#include <utility>

namespace bctrl::detail {

std::shared_ptr<client_core> client_core::make(boost::asio::any_io_executor executor,
                                               configuration settings, client_parts parts) {
    auto& context = boost::asio::query(executor, boost::asio::execution::context);
    auto& service = boost::asio::use_service<context_service>(context);
    std::shared_ptr<client_core> made{
        new client_core{std::move(executor), std::move(settings), std::move(parts)}};
    service.add(made);
    return made;
}

client_core::client_core(boost::asio::any_io_executor executor, configuration settings,
                         client_parts parts)
    : settings_{std::move(settings)},
      scheduler_{std::make_shared<scheduler>(std::move(executor), std::move(parts.time),
                                             std::move(parts.chance))},
      live_{scheduler_->live()},
      transport_{parts.carrier
                     ? parts.carrier(*scheduler_)
                     : std::make_unique<pool::origin>(*scheduler_, std::move(settings_.origin))},
      endpoint_{*scheduler_, *transport_, settings_.where.origin() + settings_.where.prefix,
                settings_.retries_in_all},
      waits_{*this},
      calls_{*scheduler_},
      closings_{*scheduler_} {}

client_core::~client_core() = default;

boost::asio::any_io_executor client_core::executor() const noexcept {
    if (context_gone()) return {};
    return scheduler_->executor().get_inner_executor();
}

void client_core::abandon() noexcept {
    refuse_calls();
    ending_.request(stop_reason::closed);
    transport_->close();
}

task<> client_core::closed(std::chrono::milliseconds patience, stop_signal& impatience) {
    refuse_calls();
    co_await calls_ended(patience, impatience);
    abandon();
    stop_signal never;
    co_await idle(calls_, never);
    co_await idle(waits_.running(), never);
    co_await idle(waits_.cancels(), never);
    co_await transport_->closed();
    scheduler_->deadlines().rest();
    // Those of closed sockets are on their way, on whatever thread.
    notifications_come last{*scheduler_};
    co_await last;
}

task<> client_core::calls_ended(std::chrono::milliseconds patience, stop_signal& impatience) {
    if (patience.count() <= 0) co_return;
    stop_signal enough{impatience};
    stop_at limit{enough, stop_reason::deadline};
    limit.set(*scheduler_, later(scheduler_->now(), patience));
    co_await idle(calls_, enough);
    // The cancels that they promised are the last thing they do.
    co_await idle(waits_.cancels(), enough);
}

task<> client_core::idle(task_scope& scope, stop_signal& enough) {
    while (scope.running() > 0 && !enough.requested()) {
        parking ended{*scheduler_, enough};
        scope.wake_when_idle(ended);
        co_await ended;
        scope.forget(ended);
    }
}

void client_core::shut_down() noexcept {
    // The last owner may be a frame that is destroyed here.
    auto const self = shared_from_this();
    context_gone_.store(true, std::memory_order_release);
    scheduler_->shut_down();
    // First nothing new may begin: what the frames give back is closed, not kept.
    abandon();
    calls_.destroy_all();
    waits_.running().destroy_all();
    waits_.cancels().destroy_all();
    closings_.destroy_all();
    transport_->shut_down();
}

client_stats client_core::stats() const noexcept {
    auto const& live = *live_;
    client_stats seen;
    seen.calls = live.calls.load();
    seen.queued = live.queued.load();
    seen.dials = live.dials.load();
    seen.sockets = live.sockets.load();
    seen.watches = live.watches.load();
    seen.calls_succeeded = live.calls_succeeded.load();
    seen.calls_failed = live.calls_failed.load();
    seen.calls_cancelled = live.calls_cancelled.load();
    seen.requests = live.requests.load();
    seen.retries = live.retries.load();
    seen.replays = live.replays.load();
    seen.connections = live.connections.load();
    seen.dials_begun = live.dials_begun.load();
    seen.dials_failed = live.dials_failed.load();
    seen.handshakes = live.handshakes.load();
    seen.handshakes_resumed = live.handshakes_resumed.load();
    seen.queue_refusals = live.queue_refusals.load();
    seen.queue_timeouts = live.queue_timeouts.load();
    seen.bytes_sent = live.bytes_sent.load();
    seen.bytes_received = live.bytes_received.load();
    seen.polls = live.polls.load();
    seen.slices = live.slices.load();
    seen.early_answers = live.early_answers.load();
    seen.wait_faults = live.wait_faults.load();
    seen.polls_shared = live.polls_shared.load();
    seen.remote_cancels = live.remote_cancels.load();
    seen.remote_cancels_confirmed = live.remote_cancels_confirmed.load();
    seen.remote_cancels_failed = live.remote_cancels_failed.load();
    return seen;
}

} // namespace bctrl::detail
