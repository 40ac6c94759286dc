#include <bctrl/wait_set.hpp>

#include "api/await_call.hpp"
#include "api/client_access.hpp"
#include "api/client_core.hpp"
#include "api/start_call.hpp"
#include "api/wait_set_state.hpp"

#include <utility>

namespace bctrl {

namespace {

using state_pointer = std::shared_ptr<detail::wait_set_state>;

task<rpc::call_outcome<std::optional<ended_work>>> next_ending(detail::client_core& core,
                                                               stop_signal& stop, listed_call&,
                                                               state_pointer set) {
    while (true) {
        if (auto const taken = set->take()) co_return std::optional<ended_work>{std::move(*taken)};
        if (set->is_over()) co_return std::optional<ended_work>{};
        if (stop.requested()) break;
        parking place{core.runs_on(), stop};
        detail::awaiting_change const shown{*set, place};
        co_await place;
    }
    rpc::call what;
    what.name = "wait_set.next";
    co_return core.endpoint().fail(what, stop_error(stop.reason()), "no work has ended meanwhile");
}

} // namespace

wait_set::wait_set(client const& on, wait_set_options options)
    : core_{detail::client_access::core_of(on)},
      state_{std::make_shared<detail::wait_set_state>(*core_, options)} {}

wait_set::wait_set(wait_set&& other) noexcept = default;

wait_set& wait_set::operator=(wait_set&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    core_ = std::move(other.core_);
    state_ = std::move(other.state_);
    return *this;
}

wait_set::~wait_set() {
    abandon();
}

void wait_set::abandon() noexcept {
    if (!core_ || core_->context_gone()) return;
    auto const& runs_on = core_->runs_on().executor();
    boost::asio::post(runs_on, [core = core_, state = state_] { state->close(); });
}

void wait_set::add(work_id work, std::string note) {
    if (core_->context_gone()) return;
    auto const& runs_on = core_->runs_on().executor();
    boost::asio::post(runs_on, [core = core_, state = state_, work = std::move(work),
                                note = std::move(note)] { state->add(work, note); });
}

void wait_set::add(std::vector<work_id> works) {
    if (core_->context_gone()) return;
    auto const& runs_on = core_->runs_on().executor();
    boost::asio::post(runs_on, [core = core_, state = state_, works = std::move(works)] {
        for (auto const& each : works)
            state->add(each, {});
    });
}

void wait_set::remove(work_id work) {
    if (core_->context_gone()) return;
    auto const& runs_on = core_->runs_on().executor();
    boost::asio::post(
        runs_on, [core = core_, state = state_, work = std::move(work)] { state->remove(work); });
}

wait_set_counts wait_set::counts() const noexcept {
    return state_->counts();
}

void wait_set::start_next(detail::completion<std::optional<ended_work>> done, core_pointer core,
                          state_pointer state) {
    detail::start_call<std::optional<ended_work>>(std::move(done), std::move(core), &next_ending,
                                                  std::move(state));
}

void wait_set::start_close(detail::completion<std::vector<work_id>> done, core_pointer core,
                           state_pointer state) {
    if (core->context_gone()) return;
    detail::caller<std::vector<work_id>> who{std::move(done), *core};
    auto const& runs_on = core->runs_on().executor();
    boost::asio::post(runs_on, [core = std::move(core), state = std::move(state),
                                who = std::move(who)]() mutable {
        rpc::call_outcome<std::vector<work_id>> open{std::in_place};
        try {
            *open = state->close();
        } catch (...) {
            open = detail::failure_of(std::current_exception());
        }
        who.complete(*core, std::move(open));
    });
}

template boost::asio::awaitable<std::optional<ended_work>> detail::await_call(
    void (*)(detail::completion<std::optional<ended_work>>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::wait_set_state>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::wait_set_state>);
template boost::asio::awaitable<std::vector<work_id>> detail::await_call(
    void (*)(detail::completion<std::vector<work_id>>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::wait_set_state>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::wait_set_state>);

} // namespace bctrl
