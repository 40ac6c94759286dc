#include "transport/pool/lane.hpp"

#include <new>
#include <utility>

namespace bctrl::pool {

namespace {

steady_time retirement(scheduler& runs_on, std::chrono::milliseconds maximum_age) {
    return later(runs_on.now(), maximum_age - jittered(runs_on.random(), maximum_age / 10));
}

/// How long no dial is made when there was no descriptor for one; longer by up to a quarter.
constexpr milliseconds rest_without_descriptors{1'000};

/// A dial belongs to no call: its running out of time is a failure to connect.
failure dial_failure(failure why, stop_signal const& stop, lane_settings const& settings,
                     std::string_view host) {
    if (stop.reason() != stop_reason::timeout) return why;
    return failure{errc::connect_failed, "no connection to \"" + std::string{host} + "\" within " +
                                             std::to_string(settings.connect_timeout.count()) +
                                             " ms (" + why.message + ")"};
}

dial_fault fault_of(failure const& why) {
    if (why.code == errc::too_many_descriptors) return dial_fault::of_descriptors;
    if (why.code == errc::out_of_memory) return dial_fault::of_memory;
    return dial_fault::of_peer;
}

failure no_memory() {
    return failure{errc::out_of_memory, "there is no memory for a connection"};
}

} // namespace

lease::~lease() {
    if (lane_) lane_->give_back(slot_, keep_);
}

connection& lease::held() noexcept {
    return *lane_->connections_[slot_];
}

lane::lane(scheduler& runs_on, lane_kind which, dialler& by, dial_gate& gate,
           stream_memory& streams, lane_settings const& settings)
    : scheduler_{runs_on},
      which_{which},
      dialler_{by},
      gate_{gate},
      streams_{streams},
      settings_{settings},
      plan_{settings.limits},
      dials_{runs_on} {}

std::optional<std::size_t> lane::capacity() const noexcept {
    auto const each = streams_.known();
    if (!each) return std::nullopt;
    return (resting() ? plan_.connections() : plan_.limits().connections) * *each;
}

lease lane::hand_out(slot_id slot) {
    connections_[slot]->begin_use();
    return lease{*this, slot};
}

task<outcome<lease, failure>> lane::acquire(stop_signal& stop, activity& told) {
    if (closing_) co_return failure{errc::client_closed, "the client is closed"};
    if (stop.requested())
        co_return failure{stop_error(stop.reason()), "stopped before a connection was asked for"};
    // Nobody overtakes those that wait already.
    if (waiters_.empty())
        if (auto const slot = take_usable()) co_return hand_out(*slot);
    plan_.expect(streams_.known().value_or(1));
    if (!plan_.may_wait(waiting_)) {
        scheduler_.live()->queue_refusals.fetch_add(1, std::memory_order_relaxed);
        co_return failure{errc::queue_full,
                          std::to_string(waiting_) + " calls wait for a connection already"};
    }

    waiter self{*this, stop, told};
    counted const in_queue{scheduler_.live()->queued};
    self.enter();
    if (settings_.queue_timeout != milliseconds::max())
        scheduler_.deadlines().arm(self, later(scheduler_.now(), settings_.queue_timeout));
    dial_if_wanted();
    auto const woken = co_await self.place;
    auto const still_queued = self.queued();
    self.leave();
    if (stop.requested() || !woken) {
        // Served and stopped in the same turn: the connection, unused, goes to the next in the
        // queue.
        if (self.got) self.got->keep_open();
        co_return failure{stop_error(stop.reason()), "stopped while waiting for a connection"};
    }
    if (still_queued) co_return queued_too_long();
    if (!self.got) co_return std::move(*self.refused);
    co_return std::move(*self.got);
}

failure lane::queued_too_long() const {
    scheduler_.live()->queue_timeouts.fetch_add(1, std::memory_order_relaxed);
    auto const use = plan_.use();
    return failure{errc::queue_timeout,
                   "for " + std::to_string(settings_.queue_timeout.count()) + " ms; " +
                       std::to_string(waiting_) + " more calls wait, " +
                       std::to_string(use.in_use) + " of at most " +
                       std::to_string(plan_.limits().connections) + " connections are in use, " +
                       std::to_string(plan_.dialling()) + " are being opened"};
}

void lane::give_back(slot_id slot, bool reusable) noexcept {
    auto& used = *connections_[slot];
    auto const keep = reusable && !closing_ && !used.used_up() && !used.too_old(scheduler_.now());
    if (plan_.give_back(slot, keep) == slot_action::close) {
        drop(slot);
    } else if (plan_.idle(slot)) {
        begin_idle(slot);
    }
    serve_waiters();
}

void lane::begin_idle(slot_id slot) {
    connections_[slot]->begin_idle(settings_.idle_timeout);
}

void lane::distrust(steady_time idle_since) noexcept {
    for (slot_id slot = 0; slot < plan_.slots(); ++slot) {
        if (plan_.state(slot) != slot_state::open || !plan_.idle(slot)) continue;
        if (connections_[slot]->idle_since() <= idle_since) idle_ended(slot);
    }
}

void lane::idle_ended(slot_id slot) noexcept {
    if (plan_.retire(slot) == slot_action::close) drop(slot);
}

void lane::changed(slot_id slot) noexcept {
    if (!take_given_back(slot)) return;
    auto& of = *connections_[slot];
    if (!of.takes_more()) {
        if (plan_.retire(slot) == slot_action::close) drop(slot);
        return;
    }
    streams_.learn(of.capacity());
    plan_.resize(slot, of.capacity());
    serve_waiters();
    if (plan_.state(slot) == slot_state::open && plan_.idle(slot)) begin_idle(slot);
}

/// False if the connection was only kept for these.
bool lane::take_given_back(slot_id slot) {
    for (auto left = connections_[slot]->take_given_back(); left > 0; --left) {
        if (plan_.give_back(slot, true) == slot_action::keep) continue;
        drop(slot);
        return false;
    }
    return true;
}

void lane::drop(slot_id slot) noexcept {
    connections_[slot].reset();
    dial_if_wanted();
    notify_if_empty();
}

/// A connection that ended while idle, unnoticed so far, is none.
std::optional<slot_id> lane::take_usable() {
    while (auto const slot = plan_.take(scheduler_.random())) {
        if (connections_[*slot]->usable()) return slot;
        if (plan_.give_back(*slot, false) == slot_action::close) drop(*slot);
    }
    return std::nullopt;
}

void lane::serve_waiters() {
    while (!waiters_.empty()) {
        auto const slot = take_usable();
        if (!slot) return;
        auto& next = waiters_.front();
        next.leave();
        next.got.emplace(hand_out(*slot));
        next.place.wake();
    }
}

void lane::fail_oldest(failure const& why) {
    if (waiters_.empty()) return;
    auto& oldest = waiters_.front();
    oldest.leave();
    oldest.refused = std::make_unique<failure>(why);
    oldest.place.wake();
}

void lane::tell_of_failed_dial(dial_news whom, std::uint64_t before, failure const& why) {
    if (whom == dial_news::nobody) return;
    while (!waiters_.empty() && waiters_.front().ticket < before) {
        fail_oldest(why);
        if (whom == dial_news::oldest) return;
    }
}

void lane::dial_if_wanted() {
    if (closing_ || resting()) return;
    plan_.expect(streams_.expected());
    while (plan_.wants_dial(waiting_) && gate_.admit(which_, *this))
        if (!begin_dial()) return;
}

/// False: there was no memory to begin it, and one of those who wait knows.
bool lane::begin_dial() {
    std::optional<slot_id> slot;
    try {
        slot = plan_.begin_dial(waiting_);
        if (connections_.size() <= *slot) connections_.resize(*slot + 1);
        dials_.spawn(dial(*slot, next_ticket_));
        return true;
    } catch (std::bad_alloc const&) {
        auto const whom =
            slot ? plan_.dial_failed(*slot, dial_fault::of_memory) : dial_news::oldest;
        gate_.ended(which_);
        tell_of_failed_dial(whom, next_ticket_, no_memory());
        return false;
    }
}

/// Those who wait go on with the connections there are. Trying again at once would be a spin.
void lane::rest() {
    disarm();
    auto const length =
        rest_without_descriptors + jittered(scheduler_.random(), rest_without_descriptors / 4);
    scheduler_.deadlines().arm(*this, later(scheduler_.now(), length));
}

task<outcome<std::unique_ptr<connection>, failure>> lane::open(stop_signal& stop) {
    net::dial_progress told{scheduler_.now()};
    dialling_.push_back(told);
    stop_at limit{stop, stop_reason::timeout};
    limit.set(scheduler_, later(scheduler_.now(), settings_.connect_timeout));
    auto made = co_await dialler_.dial(stop, told);
    co_return made;
}

task<> lane::dial(slot_id slot, std::uint64_t before) {
    counted const dialling{scheduler_.live()->dials};
    scheduler_.live()->dials_begun.fetch_add(1, std::memory_order_relaxed);
    stop_signal stop{dials_stop_};
    outcome<std::unique_ptr<connection>, failure> made{failure{}};
    try {
        made = co_await open(stop);
    } catch (std::bad_alloc const&) {
        made = no_memory();
    }
    if (made) {
        scheduler_.live()->connections.fetch_add(1, std::memory_order_relaxed);
        if (closing_)
            dial_failed(slot, before, failure{errc::client_closed, "the client is closed"});
        else
            dialled(slot, std::move(*made));
        co_return;
    }
    auto const why = dial_failure(std::move(made).error(), stop, settings_, dialler_.host());
    if (!closing_) {
        scheduler_.live()->dials_failed.fetch_add(1, std::memory_order_relaxed);
        last_failed_dial_ = failed_dial{why, scheduler_.now()};
    }
    dial_failed(slot, before, why);
}

void lane::dialled(slot_id slot, std::unique_ptr<connection> made) {
    auto& opened = *(connections_[slot] = std::move(made));
    opened.belong_to(*this, slot, retirement(scheduler_, settings_.maximum_age));
    last_failed_dial_.reset();
    streams_.learn(opened.capacity());
    plan_.dialled(slot, opened.capacity());
    serve_waiters();
    // It may have been of no use, and be gone.
    if (plan_.state(slot) == slot_state::open && plan_.idle(slot)) begin_idle(slot);
    gate_.ended(which_);
    dial_if_wanted();
}

void lane::dial_failed(slot_id slot, std::uint64_t before, failure const& why) {
    auto const fault = fault_of(why);
    if (!closing_) streams_.learn_nothing();
    auto const whom = plan_.dial_failed(slot, fault);
    if (fault == dial_fault::of_descriptors && !closing_) rest();
    tell_of_failed_dial(whom, before, why);
    gate_.ended(which_);
    dial_if_wanted();
    notify_if_empty();
}

void lane::close() noexcept {
    closing_ = true;
    gate_.forget(which_);
    disarm();
    for (slot_id slot = 0; slot < plan_.slots(); ++slot) {
        auto const open = plan_.state(slot) == slot_state::open;
        if (open && plan_.retire(slot) == slot_action::close) drop(slot);
    }
    dials_stop_.request(stop_reason::closed);
    while (!waiters_.empty())
        fail_oldest(failure{errc::client_closed, "the client is closed"});
}

void lane::notify_if_empty() noexcept {
    if (plan_.connections() > 0) return;
    dialler_.all_gone();
    for (auto* const each : std::exchange(awaiting_empty_, {}))
        each->wake();
}

lane_explanation lane::explain() const {
    lane_explanation seen;
    seen.lane = which_;
    auto const use = plan_.use();
    seen.limit = plan_.limits().connections;
    seen.open = use.open;
    seen.in_use = use.in_use;
    seen.idle = use.open - use.in_use;
    seen.requests = use.exchanges;
    seen.queue_limit = plan_.limits().queue;
    explain_dials(seen);
    for (auto const& each : waiters_)
        each.told.take_place(++seen.queued);
    return seen;
}

void lane::explain_dials(lane_explanation& seen) const {
    auto const now = scheduler_.now();
    for (auto const& each : dialling_) {
        if (each.phase == net::dial_phase::resolving) ++seen.resolving;
        if (each.phase == net::dial_phase::connecting) ++seen.connecting;
        if (each.phase == net::dial_phase::tunnelling) ++seen.tunnelling;
        if (each.phase == net::dial_phase::handshaking) ++seen.handshaking;
    }
    // A dial that was decided upon and has not had its first turn will begin with resolving.
    seen.resolving += plan_.dialling() - seen.dialling();
    if (!dialling_.empty())
        seen.oldest_dial = std::chrono::floor<milliseconds>(now - dialling_.front().begun);
    if (!last_failed_dial_) return;
    auto const& [why, at] = *last_failed_dial_;
    seen.last_failed_dial =
        fault_explanation{why.code, 0, why.message, {}, std::chrono::floor<milliseconds>(now - at)};
}

void lane::shut_down() noexcept {
    closing_ = true;
    dials_.destroy_all();
    connections_.clear();
}

} // namespace bctrl::pool
