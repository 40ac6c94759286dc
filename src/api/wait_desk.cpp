#include "api/wait_desk.hpp"

#include "api/client_core.hpp"

#include <utility>

namespace bctrl {

namespace {

/// A server that is replaced may learn it.
constexpr std::chrono::minutes until_asked_again{10};

remote_cancel_state state_of(rpc::call_outcome<wire_response> const& answer) noexcept {
    if (answer) return remote_cancel_state::confirmed;
    auto const status = answer.error().details ? answer.error().details->status : 0;
    return status >= 400 && status < 500 && !is_passing_fault(answer.error().code, status)
               ? remote_cancel_state::refused
               : remote_cancel_state::unanswered;
}

/// Counts a cancel as what became of it, whatever ends it.
class settled {
public:
    settled(std::shared_ptr<remote_cancel> what, std::shared_ptr<gauges> live) noexcept
        : what_{std::move(what)}, live_{std::move(live)} {}
    settled(settled const&) = delete;
    settled& operator=(settled const&) = delete;
    ~settled() {
        what_->settle(as_);
        auto& count = as_ == remote_cancel_state::confirmed ? live_->remote_cancels_confirmed
                                                            : live_->remote_cancels_failed;
        count.fetch_add(1, std::memory_order_relaxed);
    }
    void as(remote_cancel_state state) noexcept { as_ = state; }

private:
    std::shared_ptr<remote_cancel> what_;
    std::shared_ptr<gauges> live_;
    remote_cancel_state as_ = remote_cancel_state::unanswered;
};

} // namespace

struct wait_desk::by_work {
    bool operator()(shared_poll const& a, name_of_work const& b) const noexcept {
        return a.work() < b;
    }
    bool operator()(name_of_work const& a, shared_poll const& b) const noexcept {
        return a < b.work();
    }
};

wait_desk::wait_desk(detail::client_core& core)
    : core_{core},
      gate_{core.runs_on(), core.settings().terms.wait},
      places_{core.runs_on(), core.carrier()},
      running_{core.runs_on()},
      cancels_{core.runs_on()} {}

shared_poll* wait_desk::open_poll(std::string_view kind, std::string const& id) noexcept {
    auto const first = polls_.find(name_of_work{id, kind}, by_work{});
    return first != polls_.end() && first->is_open() ? &*first : nullptr;
}

bool wait_desk::is_waited_for(std::string_view kind, std::string const& id) const noexcept {
    auto const [begin, end] = polls_.equal_range(name_of_work{id, kind}, by_work{});
    for (auto each = begin; each != end; ++each)
        if (each->waiters() > 0) return true;
    return false;
}

void wait_desk::long_poll_is_missing(std::string_view kind) {
    no_long_poll_since_[kind] = core_.runs_on().now();
}

bool wait_desk::has_long_poll(std::string_view kind) const noexcept {
    auto const found = no_long_poll_since_.find(kind);
    return found == no_long_poll_since_.end() ||
           core_.runs_on().now() - found->second >= until_asked_again;
}

waits_explanation wait_desk::explain(std::size_t first_place) const {
    places_.explain(first_place);
    waits_explanation seen;
    seen.polled = gate_.polled();
    seen.awaiting_turn = gate_.waiting();
    seen.awaiting_connection = places_.waiting();
    seen.server_out_of_reach = gate_.out_of_reach();
    seen.learned_slice = slices_.learned();
    return seen;
}

std::shared_ptr<remote_cancel const> wait_desk::cancel_remotely(rpc::call what,
                                                                milliseconds within) {
    auto& under_way = cancels_under_way_[what.request.target];
    if (under_way) return under_way;
    auto told = std::make_shared<remote_cancel>();
    cancels_.spawn(send_cancel(std::move(what), within, told));
    under_way = told;
    return told;
}

task<> wait_desk::send_cancel(rpc::call what, milliseconds within,
                              std::shared_ptr<remote_cancel> told) {
    auto& runs_on = core_.runs_on();
    runs_on.live()->remote_cancels.fetch_add(1, std::memory_order_relaxed);
    settled ending{std::move(told), runs_on.live()};
    try {
        auto const until = later(runs_on.now(), within);
        stop_signal stop{core_.ending()};
        stop_at limit{stop, stop_reason::deadline};
        limit.set(runs_on, until);
        activity doing{runs_on.now()};
        auto const answer = co_await core_.endpoint().with_retry(what, core_.settings().terms.retry,
                                                                 until, stop, doing);
        ending.as(state_of(answer));
    } catch (...) {
        // Counted as unanswered; there is nobody to tell more.
    }
    cancels_under_way_.erase(what.request.target);
}

} // namespace bctrl
