#include <bctrl/client.hpp>

#include "api/await_call.hpp"
#include "api/client_core.hpp"
#include "api/concealed_key.hpp"
#include "api/configuration.hpp"
#include "api/explain.hpp"
#include "api/send.hpp"
#include "api/start_call.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace bctrl {

namespace {

using detail::caller;
using detail::client_core;

/// Like `run_call`, but for what ends the calls.
task<> run_close(std::shared_ptr<client_core> core, caller<> who,
                 std::chrono::milliseconds patience) {
    {
        stop_signal impatience;
        detail::stoppable const by_caller{who.cancels.get(), impatience};
        co_await core->closed(patience, impatience);
    }
    who.complete(*core);
}

/// The end of an abandoned client; nobody waits for it.
task<> close_unseen(std::shared_ptr<client_core> core) {
    stop_signal impatience;
    co_await core->closed(std::chrono::milliseconds{0}, impatience);
}

/// A key that was put where another setting belongs is repeated by what refuses that.
configuration checked(client_config const& config) {
    try {
        return configure(config);
    } catch (request_error const& refused) {
        auto details = std::make_shared<error_details>(refused.details());
        conceal(*details, config.key.reveal());
        throw request_error{refused.code(), std::move(details)};
    }
}

} // namespace

std::exception_ptr detail::as_exception(error_code code, failure_report const& report) {
    if (!code) return nullptr;
    return std::make_exception_ptr(request_error{code, report});
}

boost::asio::any_io_executor detail::executor_of(client_core const& core) noexcept {
    return core.executor();
}

void detail::hand_over(failure_report const& report, error_details* wanted) {
    if (report && wanted) *wanted = *report;
}

client::client(boost::asio::any_io_executor executor, client_config const& config)
    : core_{client_core::make(std::move(executor), checked(config),
                              {real_clock(), system_randomness()})} {}

client::client(client&& other) noexcept = default;

client& client::operator=(client&& other) noexcept {
    if (this == &other) return *this;
    if (core_) abandon();
    core_ = std::move(other.core_);
    return *this;
}

client::~client() {
    if (core_) abandon();
}

void client::abandon() noexcept {
    if (core_->context_gone()) return;
    auto const& runs_on = core_->runs_on().executor();
    boost::asio::post(runs_on, [core = core_] { core->closings().begin(close_unseen(core)); });
}

client_stats client::stats() const noexcept {
    return core_->stats();
}

void client::start_send(detail::completion<response> done, core_pointer core, request what,
                        call_options options) {
    detail::start_call<response>(std::move(done), std::move(core), &send_request, std::move(what),
                                 options);
}

void client::start_explain(detail::completion<explanation> done, core_pointer core) {
    if (core->context_gone()) return;
    caller<explanation> who{std::move(done), *core};
    auto const& runs_on = core->runs_on().executor();
    boost::asio::post(runs_on, [core = std::move(core), who = std::move(who)]() mutable {
        who.complete(*core, detail::explain(*core));
    });
}

void client::start_close(detail::completion<> done, core_pointer core,
                         std::chrono::milliseconds patience) {
    if (core->context_gone()) return;
    caller<> who{std::move(done), *core};
    auto const& runs_on = core->runs_on().executor();
    boost::asio::post(runs_on, [core = std::move(core), who = std::move(who), patience]() mutable {
        auto& closings = core->closings();
        closings.begin(run_close(std::move(core), std::move(who), patience));
    });
}

template boost::asio::awaitable<response> detail::await_call(
    void (*)(detail::completion<response>, std::shared_ptr<detail::client_core>, request,
             call_options),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*, request,
    call_options);
template boost::asio::awaitable<explanation> detail::await_call(
    void (*)(detail::completion<explanation>, std::shared_ptr<detail::client_core>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*);
template boost::asio::awaitable<void> detail::await_call(
    void (*)(detail::completion<>, std::shared_ptr<detail::client_core>, std::chrono::milliseconds),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::chrono::milliseconds);

} // namespace bctrl
