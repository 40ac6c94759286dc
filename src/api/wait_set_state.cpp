#include "api/wait_set_state.hpp"

#include "api/client_core.hpp"
#include "api/concealed_key.hpp"
#include "api/durable_wait.hpp"

#include <new>
#include <utility>

namespace bctrl::detail {

namespace {

using place = set_member::place;

operation& resource_of(operation_wait_result& seen) noexcept {
    return seen.operation;
}
invocation& resource_of(invocation_wait_result& seen) noexcept {
    return seen.invocation;
}

/// Who a wait of a set ends for.
struct member_of_set {
    std::shared_ptr<wait_set_state> set;
    set_member* member;

    set_member* stopped_by() const noexcept { return member; }
};

template <class Result>
std::unique_ptr<ended_work> ending_of(set_member const& member, rpc::call_outcome<Result> ended) {
    auto made = std::make_unique<ended_work>(member.work());
    made->note = member.note();
    if (!ended) {
        made->error = ended.error().code;
        made->details = std::move(ended.error().details);
        return made;
    }
    made->timed_out_waiting = ended->timed_out_waiting;
    using resource = std::remove_cvref_t<decltype(resource_of(*ended))>;
    made->state.template emplace<resource>(std::move(resource_of(*ended)));
    return made;
}

template <class Result>
void tell(client_core& core, member_of_set& who, rpc::call_outcome<Result> ended) {
    std::unique_ptr<ended_work> how;
    try {
        if (!ended && ended.error().details)
            conceal(*ended.error().details, core.settings().traces.get());
        how = ending_of(*who.member, std::move(ended));
    } catch (std::bad_alloc const&) {
        how.reset();
    }
    who.set->ended(*who.member, std::move(how));
}

} // namespace

wait_set_state::wait_set_state(client_core& core, wait_set_options const& options,
                               abandonment on_removal)
    : core_{core}, options_{options}, on_removal_{on_removal} {}

wait_set_state::~wait_set_state() {
    queued_.clear();
    untaken_.clear();
}

void wait_set_state::add(work_id const& work, std::string_view note) {
    if (closed_ || index_.contains(member_name{work.kind, work.id})) return;
    auto& added = **index_.insert(std::make_unique<set_member>(work, note)).first;
    queue(added);
    begin_waits();
}

void wait_set_state::remove(work_id const& work) {
    auto const found = index_.find(member_name{work.kind, work.id});
    if (found == index_.end()) return;
    drop(found);
    begin_waits();
    if (is_over()) wake_all();
}

/// Takes a member out of the set.
void wait_set_state::drop(index::iterator which, stop_reason why) {
    auto& member = **which;
    switch (member.where) {
        case place::queued:
            queued_.erase(queued_.iterator_to(member));
            break;
        case place::untaken:
            untaken_.erase(untaken_.iterator_to(member));
            break;
        case place::waited: {
            auto& kept = leaving_[&member];
            kept = std::move(index_.extract(which).value());
            kept->leave(why);
            return;
        }
        case place::leaving:
            return;
    }
    index_.erase(which);
}

void wait_set_state::queue(set_member& member) noexcept {
    member.where = place::queued;
    queued_.push_back(member);
}

void wait_set_state::begin_waits() noexcept {
    try {
        while (!closed_ && !queued_.empty() && waited_ < options_.in_flight &&
               untaken_.size() < options_.most_untaken && !core_.refuses_calls())
            begin_wait(queued_.front());
    } catch (std::bad_alloc const&) {
        // They go on to queue: the next that is added, taken or ended tries again.
    }
    publish();
}

void wait_set_state::begin_wait(set_member& next) {
    auto asked = std::make_unique<asked_wait>(
        asked_wait{std::string{next.id()}, {.within = options_.within, .policy = options_.policy}});
    asked->options.on_abandon = on_removal_;
    member_of_set who{shared_from_this(), &next};
    auto core = core_.shared_from_this();
    // In turns of their own: whoever adds works or takes endings is in the middle of something.
    if (next.kind() == durable_kind::operation)
        core_.calls().spawn(run_wait<operation>(std::move(core), std::move(who), std::move(asked)));
    else
        core_.calls().spawn(
            run_wait<invocation>(std::move(core), std::move(who), std::move(asked)));
    queued_.pop_front();
    next.where = place::waited;
    ++waited_;
}

void wait_set_state::ended(set_member& member, std::unique_ptr<ended_work> how) noexcept {
    --waited_;
    if (member.where == place::leaving) {
        leaving_.erase(&member);
    } else if (!how || how->error == errc::client_closed) {
        // Nothing has come of it, so it is still open.
        queue(member);
    } else {
        member.where = place::untaken;
        member.ending = std::move(how);
        untaken_.push_back(member);
        wake_one();
    }
    begin_waits();
}

std::unique_ptr<ended_work> wait_set_state::take() {
    if (untaken_.empty()) return nullptr;
    auto& first = untaken_.front();
    auto taken = std::move(first.ending);
    drop(index_.find(member_name{first.kind(), first.id()}));
    begin_waits();
    // Others that wait for an ending may be waiting for the last one.
    if (is_over()) wake_all();
    return taken;
}

bool wait_set_state::is_over() const noexcept {
    return closed_ || (!options_.stays_open && index_.empty());
}

std::vector<work_id> wait_set_state::close(stop_reason why) {
    std::vector<work_id> open;
    open.reserve(index_.size());
    for (auto const& member : index_)
        open.push_back(member->work());
    closed_ = true;
    while (!index_.empty())
        drop(index_.begin(), why);
    publish();
    wake_all();
    return open;
}

void wait_set_state::wake_one() noexcept {
    if (awaiting_.empty()) return;
    auto* const first = awaiting_.front();
    awaiting_.erase(awaiting_.begin());
    first->wake();
}

void wait_set_state::wake_all() noexcept {
    for (auto* const each : std::exchange(awaiting_, {}))
        each->wake();
}

void wait_set_state::publish() noexcept {
    queued_count_.store(queued_.size(), std::memory_order_relaxed);
    waited_count_.store(waited_ - leaving_.size(), std::memory_order_relaxed);
    untaken_count_.store(untaken_.size(), std::memory_order_relaxed);
}

wait_set_counts wait_set_state::counts() const noexcept {
    return {queued_count_.load(std::memory_order_relaxed),
            waited_count_.load(std::memory_order_relaxed),
            untaken_count_.load(std::memory_order_relaxed)};
}

} // namespace bctrl::detail
