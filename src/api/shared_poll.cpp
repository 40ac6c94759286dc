#include "api/shared_poll.hpp"

#include "api/client_core.hpp"
#include "api/poll_limit.hpp"
#include "api/start_call.hpp"
#include "api/wait_desk.hpp"
#include "codec/codec.hpp"
#include "codec/readable_text.hpp"

#include <bctrl/durable.hpp>

#include <algorithm>
#include <utility>

namespace bctrl {

namespace {

/// A look that is not older tells nearly as much as another one.
constexpr milliseconds just_now{1'000};

void count(std::atomic<std::int64_t>& what) noexcept {
    what.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

waiter::waiter(shared_poll& at, steady_time until, stop_signal& stop)
    : poll_{at},
      until_{until},
      joined_{at.desk_.core().runs_on().now()},
      place_{at.desk_.core().runs_on(), stop},
      // The poll in flight is made for it too.
      polls_before_{at.polls_ - (at.asked_until_ ? 1 : 0)},
      faults_before_{at.faults_} {
    set_alarm();
    poll_.join(*this);
}

waiter::~waiter() {
    poll_.leave(*this);
}

steady_time waiter::end() const noexcept {
    if (has_deadline()) return until_;
    return later(std::max(joined_, poll_.last_contact()), poll_.terms().wait.lost_contact_after);
}

void waiter::set_alarm() {
    auto& runs_on = poll_.desk_.core().runs_on();
    disarm();
    // How long the queue will last is not known; when it is left the alarm is set anew.
    auto const queues = !has_deadline() && poll_.queues();
    runs_on.deadlines().arm(
        *this, queues ? later(runs_on.now(), poll_.terms().wait.lost_contact_after) : end());
}

void waiter::expired() noexcept {
    // Contact since then moves the end.
    if ((!has_deadline() && poll_.queues()) || end() > poll_.desk_.core().runs_on().now()) {
        set_alarm();
        return;
    }
    over_ = true;
    place_.wake();
}

shared_poll::shared_poll(wait_desk& desk, rpc::call what, bool open,
                         std::unique_ptr<wait_terms const> own_terms)
    : desk_{desk},
      call_{std::move(what)},
      own_terms_{std::move(own_terms)},
      plan_{terms(), desk.core().runs_on().random()},
      last_contact_{desk.core().runs_on().now()},
      open_{open} {
    desk_.gate().poll_added();
}

shared_poll::~shared_poll() {
    desk_.gate().poll_removed();
}

scheduler& shared_poll::runs_on() const noexcept {
    return desk_.core().runs_on();
}

wait_terms const& shared_poll::terms() const noexcept {
    return own_terms_ ? *own_terms_ : desk_.core().settings().terms;
}

std::optional<milliseconds> shared_poll::age_of_last() const noexcept {
    if (!seen_at_) return std::nullopt;
    return std::chrono::floor<milliseconds>(runs_on().now() - *seen_at_);
}

error_code shared_poll::last_fault_code() const noexcept {
    auto const last = told_.fault();
    return last == errc{} ? error_code{} : error_code{last};
}

void shared_poll::join(waiter& one) {
    waiters_.push_back(one);
    most_waiting_ = std::max(most_waiting_, static_cast<unsigned>(++waiting_));
    if (waiting_ > 1) count(runs_on().live()->polls_shared);
    // Somebody who knows nothing yet must not leave with nothing because others have more time.
    auto const too_long =
        asked_until_ && !seen_at_ && one.has_deadline() && one.end() < *asked_until_;
    auto const has_time = one.end() > one.joined();
    if (has_time && (resting_ || too_long)) interrupt(stop_reason::timeout);
}

void shared_poll::leave(waiter& one) noexcept {
    waiters_.erase(waiters_.iterator_to(one));
    if (--waiting_ > 0) return;
    // Nobody can join any more; those who look who waits must not find thousands that do not.
    if (!open_ && is_linked()) unlink();
    interrupt(stop_reason::cancelled);
}

void shared_poll::interrupt(stop_reason why) noexcept {
    if (interrupt_) interrupt_->request(why);
}

void shared_poll::wake_all() noexcept {
    if (is_linked()) unlink();
    for (auto& each : waiters_)
        each.place().wake();
}

steady_time shared_poll::latest_end() const noexcept {
    auto latest = steady_time::min();
    for (auto const& each : waiters_)
        latest = std::max(latest, each.end());
    return latest;
}

poll_bounds shared_poll::bounds(steady_time now, milliseconds most) {
    auto const wanted = std::min(terms().wait.slice, most);
    poll_bounds found{desk_.slices().slice_for(wanted, now), latest_end()};
    // A probe is to tell soon whether the server serves again.
    if (desk_.gate().out_of_reach()) found.most = std::min(found.most, terms().wait.probe_interval);
    found.spread = desk_.gate().polled() > 1;
    if (seen_at_) return found;
    for (auto const& each : waiters_)
        if (each.has_deadline())
            found.first_answer_by =
                std::min(found.first_answer_by.value_or(each.end()), each.end());
    return found;
}

bool shared_poll::too_late_to_poll(steady_time now) const noexcept {
    auto const end = latest_end();
    return end <= now || (seen_at_ && bctrl::too_late_to_poll(now, end));
}

task<bool> shared_poll::turn_comes(stop_signal& interrupt) {
    auto& runs_on = this->runs_on();
    poll_turn turn{desk_.gate(), interrupt};
    told_.pause(pause_reason::pacing, runs_on.now(), milliseconds{0});
    co_return co_await turn;
}

task<> shared_poll::pause(milliseconds length, stop_signal& interrupt) {
    auto& runs_on = this->runs_on();
    told_.pause(plan_.after_fault() ? pause_reason::backoff : pause_reason::early_answer,
                runs_on.now(), length);
    sleep_until rest{runs_on, later(runs_on.now(), length), interrupt};
    co_await rest;
}

bool shared_poll::seen_just_now() const noexcept {
    return seen_at_ && runs_on().now() - *seen_at_ < just_now;
}

look shared_poll::way_to_look(bool seen) const noexcept {
    return next_look(desk_.crowding(), terms().wait.look_within, seen);
}

task<std::optional<poll_place>> shared_poll::place_comes(bool seen, stop_signal& interrupt) {
    auto const out_of_reach = desk_.gate().out_of_reach();
    // Nobody behind a knock may keep it from being made.
    auto const is_short = out_of_reach || !way_to_look(seen).held;
    place_in_queue turn{desk_.places(), is_short, told_, interrupt};
    queued_since_ = runs_on().now();
    auto place = co_await turn;
    leave_queue();
    if (!place || interrupt.requested()) co_return std::nullopt;
    // Much may have happened meanwhile. What has become wrong to do is decided anew.
    auto const now_out_of_reach = desk_.gate().out_of_reach() && !out_of_reach;
    if (now_out_of_reach || too_late_to_poll(runs_on().now())) co_return std::nullopt;
    co_return std::move(place);
}

/// Contact is not lost in the time in which nobody tried to make it.
void shared_poll::leave_queue() {
    auto const now = runs_on().now();
    told_.enter(call_phase::beginning, now);
    last_contact_ += now - *std::exchange(queued_since_, optional_time{});
    for (auto& each : waiters_)
        each.set_alarm();
}

void shared_poll::use_method(bool long_poll, milliseconds slice) {
    std::string_view const method = long_poll ? "POST" : "GET";
    if (call_.request.method != method) {
        call_.request.target = target(long_poll);
        call_.request.method = method;
    }
    call_.request.body.clear();
    if (!long_poll) return;
    wait_request asked;
    asked.timeout_ms = slice.count();
    call_.request.body = codec::encode(asked);
}

void shared_poll::begin() {
    if (std::exchange(begun_, true)) return;
    desk_.running().spawn(run(shared_from_this()));
}

/// Polls until the work has ended or nobody waits for it any more. Begins in a turn of its own: all
/// that begin together shall be known before the first decides how long it polls. There is one of this for every
/// parked wait: what is not needed while a poll is held lies in frames of its own.
root_task shared_poll::run([[maybe_unused]] std::shared_ptr<shared_poll> self) {
    try {
        while (waiters() > 0 && !has_ended()) {
            auto& interrupt = interrupt_.emplace();
            milliseconds rest{0};
            if (auto now = co_await chance_to_poll(interrupt)) {
                auto const begun = begin_poll(*now);
                stop_signal stop{interrupt};
                poll_limit const limit{*this, stop};
                auto answer = co_await desk_.core().endpoint().send(call_, stop, told_);
                rest = end_poll(*now, begun, std::move(answer));
            }
            if (rest.count() > 0) co_await pause(rest, interrupt);
            interrupt_.reset();
        }
    } catch (...) {
        end_with(detail::failure_of(std::current_exception()));
    }
    wake_all();
}

task<> shared_poll::nobody_waits(stop_signal& interrupt) {
    auto& runs_on = this->runs_on();
    resting_ = true;
    told_.pause(pause_reason::no_time_left, runs_on.now(),
                std::chrono::ceil<milliseconds>(latest_end() - runs_on.now()));
    parking place{runs_on, interrupt};
    co_await place;
    resting_ = false;
}

task<std::optional<shared_poll::chance>> shared_poll::chance_to_poll(stop_signal& interrupt) {
    if (desk_.gate().must_queue(plan_.after_fault())) {
        auto const its_turn = co_await turn_comes(interrupt);
        // Its turn may have come in the very moment in which the last waiter left.
        if (!its_turn || interrupt.requested()) co_return std::nullopt;
    }
    if (too_late_to_poll(runs_on().now())) {
        co_await nobody_waits(interrupt);
        co_return std::nullopt;
    }
    // Work whose last look is some time ago is read first, and queues for a longer look then.
    auto const seen = seen_just_now();
    if (auto place = desk_.places().take()) co_return chance{std::move(*place), seen};
    auto came = co_await place_comes(seen, interrupt);
    if (!came) co_return std::nullopt;
    co_return chance{std::move(*came), seen};
}

shared_poll::poll_begun shared_poll::begin_poll(chance& with) {
    auto const begun = runs_on().now();
    auto const way = way_to_look(with.seen);
    if (way.most == milliseconds::max()) with.place.settle();
    auto const looked = !way.held;
    auto const long_poll = !looked && desk_.has_long_poll(kind());
    auto const slice =
        long_poll ? plan_.next_slice(begun, bounds(begun, way.most)) : milliseconds{0};
    use_method(long_poll, slice);
    asked_until_ = later(begun, slice);
    ++polls_;
    count(runs_on().live()->polls);
    if (long_poll)
        told_.poll(polls_, slice);
    else
        told_.attempt(polls_);
    return {begun, slice, long_poll, looked};
}

void shared_poll::keep_request_id(std::string id) {
    request_id_ = std::make_unique<std::string const>(std::move(id));
}

/// Takes in what a poll has brought; returns how long to pause.
milliseconds shared_poll::end_poll(chance& with, poll_begun const& begun, exchange_outcome answer) {
    asked_until_.reset();
    with.place.give_back();
    // What a poll that nobody waits for any more failed of tells nothing.
    auto const unwanted = interrupt_->requested();
    if (!answer && unwanted) return milliseconds{0};
    auto ended = desk_.core().endpoint().take(call_, polls_, std::move(answer));
    if (!ended && unwanted) return milliseconds{0};
    auto const took = std::chrono::floor<milliseconds>(runs_on().now() - begun.at);
    if (ended && !ended->request_id().empty())
        keep_request_id(codec::readable_text(ended->request_id(), codec::longest_header_quote));
    return take(poll_made{begun, took - told_.queued()}, std::move(ended));
}

steady_time shared_poll::latest_answer() const noexcept {
    auto const margin = terms().wait.slice_margin;
    if (told_.phase() == call_phase::queued) return later(runs_on().now(), margin);
    return later(later(*asked_until_, told_.queued()), margin);
}

milliseconds shared_poll::seen_unended(poll_made const& made, durable_status status) {
    told_.saw(status);
    auto const first = !seen_at_;
    last_contact_ = runs_on().now();
    seen_at_ = last_contact_;
    last_fault_.reset();
    desk_.gate().answered();
    if (made.looked) return pause_after_look(made.held, first);
    if (!made.long_poll) return plan_.pause_after_get();
    if (made.held >= made.slice) desk_.slices().held(made.slice, last_contact_);
    auto const pause = plan_.pause_after_answer(made.held, made.slice);
    auto& live = *runs_on().live();
    count(pause.count() > 0 ? live.early_answers : live.slices);
    return pause;
}

milliseconds shared_poll::pause_after_look(milliseconds held, bool first) {
    auto const pause = plan_.pause_after_look(held, first);
    // To be held it queues for its turn, and that takes long enough.
    return way_to_look(true).held ? milliseconds{0} : pause;
}

std::optional<milliseconds> shared_poll::met_fault(poll_made const& made,
                                                   rpc::call_failure const& failed) {
    auto const now = runs_on().now();
    auto const status = failed.details ? failed.details->status : 0;
    if (!failed.details->request_id.empty()) keep_request_id(failed.details->request_id);
    if (made.long_poll && is_long_poll_missing(status)) {
        desk_.long_poll_is_missing(kind());
        last_contact_ = now;
        return milliseconds{0};
    }
    // Once it has been understood, what cannot be understood is a passing thing on the way.
    auto const passing =
        is_passing_fault(failed.code, status) || (seen_at_ && failed.code == condition::protocol);
    if (!passing) {
        desk_.gate().answered();
        return std::nullopt;
    }
    ++faults_;
    count(runs_on().live()->wait_faults);
    told_.failed(failed.code, failed.details, now);
    last_fault_ = std::make_unique<rpc::call_failure const>(failed);
    auto const asked = failed.details->retry_after;
    desk_.gate().faulted(asked ? std::min(*asked, terms().retry.max_retry_after) : asked);
    if (made.long_poll && is_cut(failed.code, status))
        desk_.slices().cut(made.held, made.slice, plan_.cut(made.held), now);
    return plan_.pause_after_fault(asked);
}

} // namespace bctrl
