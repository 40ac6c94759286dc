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
class durable_poll : public shared_poll {
public:
    using kind = durable_resource<Resource>;
    using result = typename kind::wait_result;
    using ending = rpc::call_outcome<result>;

    /// @pre `id` is not empty
    durable_poll(wait_desk& desk, std::string id, bool open,
                 std::unique_ptr<wait_terms const> own_terms)
        : shared_poll{desk, wait_call(desk.core(), std::move(id)), open, std::move(own_terms)} {}

    /// What a waiter gets that waits no more.
    /// @param stopped why it was, or `none`
    ending end_of(waiter const& one, stop_reason stopped) {
        auto const was_stopped = stopped != stop_reason::none;
        if (ended_ && (!was_stopped || ended_->has_value())) return shared_end(one);
        if (was_stopped) return failed(one, stop_error(stopped));
        if (!one.has_deadline()) return failed(one, errc::lost_contact);
        if (!last_) return failed(one, errc::deadline_exceeded);
        return *last_;
    }

protected:
    /// The state seen last, while the work goes on; null if there is none, or it has ended.
    Resource const* seen_unended_state() const noexcept {
        return ended_ || !last_ ? nullptr : &kind::of(*last_);
    }

    milliseconds take(poll_made const& made, rpc::call_outcome<wire_response> answer) override {
        auto seen = read(made, std::move(answer));
        if (!seen) {
            auto const again = met_fault(made, seen.error());
            if (!again) end_with(std::move(seen.error()));
            return again.value_or(milliseconds{0});
        }
        // The status decides; the server's own flag may disagree with it.
        seen->timed_out_waiting = !is_terminal(kind::of(*seen).status);
        if (seen->timed_out_waiting) {
            last_ = std::make_unique<result>(std::move(*seen));
            return seen_unended(made, kind::of(*last_).status);
        }
        desk_.gate().answered();
        ended_ = std::make_unique<ending>(std::move(seen));
        return milliseconds{0};
    }

private:
    static rpc::call wait_call(detail::client_core& core, std::string id) {
        auto path = *kind::wait_path(id);
        auto what = call_on(core, kind::wait_name, "POST", std::move(path), std::move(id));
        // Readings of the state too: however many, they never get in the way of other calls.
        what.lane = lane_kind::wait;
        return what;
    }

    std::string target(bool long_poll) const override {
        auto const path = long_poll ? kind::wait_path(id()) : kind::path(id());
        return desk_.core().settings().where.prefix + *path;
    }

    bool has_ended() const noexcept override { return ended_ != nullptr; }

    void end_with(rpc::call_failure why) override {
        ended_ = std::make_unique<ending>(std::move(why));
    }

    ending read(poll_made const& made, rpc::call_outcome<wire_response> answer) {
        if (!answer) return std::move(answer).error();
        auto const& core = desk_.core();
        auto const depth = core.settings().json_depth;
        if (made.long_poll)
            return read_answer<result>(core.endpoint(), call_, polls(), *answer, depth);
        auto state = read_answer<Resource>(core.endpoint(), call_, polls(), *answer, depth);
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
        if (auto const* const fault = last_fault()) {
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
    std::unique_ptr<ending> ended_;
};

} // namespace bctrl
