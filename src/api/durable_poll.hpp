#pragma once

#include "api/answer.hpp"
#include "api/client_core.hpp"
#include "api/durable_calls.hpp"
#include "api/durable_resource.hpp"
#include "api/shared_poll.hpp"
#include "api/start_call.hpp"
#include "api/wait_desk.hpp"

#include <bctrl/durable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace bctrl {

/// The polls on one piece of durable work of one kind: what is seen, and what each waiter gets.
template <class Resource>
class durable_poll final : public shared_poll {
public:
    using kind = durable_resource<Resource>;
    using result = typename kind::wait_result;
    using ending = rpc::call_outcome<result>;

    /// @pre `id` is not empty
    durable_poll(wait_desk& desk, std::string const& id, bool open,
                 std::unique_ptr<wait_terms const> own_terms)
        : shared_poll{desk, call_on(desk.core(), kind::wait_name, "POST", *kind::wait_path(id), id),
                      open, std::move(own_terms)} {
        // Readings of the state too: however many, they never get in the way of other calls.
        call_.lane = lane_kind::wait;
    }

    /// Begins to poll, if that was not done yet.
    /// @param self keeps this alive meanwhile
    void begin(std::shared_ptr<durable_poll> self) {
        if (std::exchange(begun_, true)) return;
        desk_.running().begin(run(std::move(self)));
    }

    /// What a waiter gets that waits no more.
    ending end_of(waiter const& one, stop_signal const& stop) {
        auto const stopped = stop.requested();
        if (ended_ && (!stopped || ended_->has_value())) return shared_end(one);
        if (stopped) return failed(one, stop_error(stop.reason()));
        if (!one.has_deadline()) return failed(one, errc::lost_contact);
        if (!last_) return failed(one, errc::deadline_exceeded);
        return *last_;
    }

private:
    std::string target(bool long_poll) const override {
        auto const path = long_poll ? kind::wait_path(id()) : kind::path(id());
        return desk_.core().settings().where.prefix + *path;
    }

    /// Polls until the work has ended or nobody waits for it any more.
    task<> run([[maybe_unused]] std::shared_ptr<durable_poll> self) {
        // All that begin together shall be known before the first decides how long it polls.
        next_turn others{desk_.core().runs_on()};
        co_await others;
        try {
            while (waiters() > 0 && !ended_) {
                auto& interrupt = begin_turn();
                auto made = co_await next_poll(interrupt);
                if (made) {
                    auto const length = take(std::move(*made));
                    if (length.count() > 0) co_await pause(length, interrupt);
                }
                end_turn();
            }
        } catch (...) {
            ended_ = detail::failure_of(std::current_exception());
        }
        wake_all();
    }

    /// Takes in what a poll has brought; returns how long to pause.
    milliseconds take(poll_made made) {
        auto seen = read(made);
        if (!seen) {
            auto const again = met_fault(made, seen.error());
            if (!again) ended_ = std::move(seen.error());
            return again.value_or(milliseconds{0});
        }
        // The status decides; the server's own flag may disagree with it.
        seen->timed_out_waiting = !is_terminal(kind::of(*seen).status);
        if (seen->timed_out_waiting) {
            last_ = std::make_unique<result>(std::move(*seen));
            return seen_unended(made, kind::of(*last_).status);
        }
        desk_.gate().answered();
        ended_ = std::move(*seen);
        return milliseconds{0};
    }

    ending read(poll_made& made) {
        if (!made.answer) return std::move(made.answer).error();
        auto const& core = desk_.core();
        auto const depth = core.settings().json_depth;
        if (made.long_poll)
            return read_answer<result>(core.endpoint(), call_, polls(), *made.answer, depth);
        auto state = read_answer<Resource>(core.endpoint(), call_, polls(), *made.answer, depth);
        if (!state) return std::move(state).error();
        result seen;
        kind::of(seen) = std::move(*state);
        return seen;
    }

    /// The end that the poll has brought to all.
    ending shared_end(waiter const& one) {
        auto const last_waiter = waiters() == 1;
        if (ended_->has_value()) return last_waiter ? std::move(*ended_) : *ended_;
        auto mine = ended_->error();
        if (!mine.details) return mine;
        mine.details = std::make_shared<error_details>(*mine.details);
        account_for(one, *mine.details);
        return mine;
    }

    /// An end that is this waiter's own.
    rpc::call_failure failed(waiter const& one, error_code code) const {
        auto made = desk_.core().endpoint().fail(call_, code, {});
        auto& details = *made.details;
        if (auto const& fault = last_fault()) {
            details = *fault->details;
            details.cause = fault->code;
        } else if (code == errc::lost_contact || code == errc::deadline_exceeded) {
            details.message = "no poll was answered";
        } else {
            details.message = "the wait was stopped";
        }
        account_for(one, details);
        return made;
    }

    void account_for(waiter const& one, error_details& in) const {
        in.attempts = polls() - one.polls_before();
        if (!last_) return;
        auto seen = *last_;
        kind::keep_last(in, std::move(kind::of(seen)));
        in.last_seen_age = age_of_last();
    }

    std::unique_ptr<result> last_;
    std::optional<ending> ended_;
    bool begun_ = false;
};

} // namespace bctrl
