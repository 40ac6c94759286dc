#pragma once

#include "api/answer.hpp"
#include "api/client_core.hpp"
#include "api/durable_calls.hpp"
#include "api/durable_resource.hpp"
#include "api/wait_plan.hpp"
#include "base/parking.hpp"
#include "base/task.hpp"
#include "codec/codec.hpp"

#include <bctrl/call_options.hpp>
#include <bctrl/durable.hpp>

#include <optional>
#include <string>
#include <utility>

namespace bctrl {

/// How long after the caller's deadline the answer of the last poll is still taken: the server was
/// asked to hold it until just then, and it has to travel.
inline constexpr milliseconds last_answer_grace{100};

/// One wait: long polls until the work has ended, the caller's time is up, or contact is lost.
/// Decides by `wait_plan`; the same for every kind of durable work.
template <class Resource>
class durable_wait {
public:
    using kind = durable_resource<Resource>;
    using result = typename kind::wait_result;
    using ending = rpc::call_outcome<result>;

    durable_wait(detail::client_core& core, stop_signal& stop, activity& told, rpc::call what,
                 wait_options options)
        : core_{core},
          time_{core.runs_on()},
          stop_{stop},
          told_{told},
          what_{std::move(what)},
          limit_{stop, stop_reason::deadline},
          until_{deadline(options).value_or(steady_time::max())},
          plan_{policy(core, options), core.settings().retry, deadline(options), time_.now(),
                time_.random()} {
        if (auto const until = deadline(options))
            limit_.set(time_, later(*until, last_answer_grace));
    }

    task<ending> run() {
        showing const shown{told_, what_, until_};
        while (true) {
            auto const begun = time_.now();
            auto const slice = plan_.next_slice(begun);
            auto polled = co_await poll(slice);
            auto next = polled ? after_answer(std::move(*polled), begun, slice)
                               : after_fault(std::move(polled.error()));
            if (next.ended) co_return std::move(*next.ended);

            sleep_until rest{time_, later(time_.now(), next.pause), stop_};
            if (next.pause.count() > 0 && !co_await rest) co_return stopped_between_polls();
            if (last_ && plan_.over(time_.now())) co_return std::move(*last_);
        }
    }

private:
    /// What follows a poll.
    struct step {
        std::optional<ending> ended;
        milliseconds pause{0};
    };

    static wait_policy policy(detail::client_core const& core, wait_options const& options) {
        auto chosen = core.settings().wait;
        if (options.slice) chosen.slice = *options.slice;
        return chosen;
    }

    std::optional<steady_time> deadline(wait_options const& options) const {
        if (!options.within) return std::nullopt;
        return later(time_.now(), *options.within);
    }

    task<ending> poll(milliseconds slice) {
        wait_request asked;
        asked.timeout_ms = slice.count();
        what_.request.body = codec::encode(asked);
        ++attempts_;
        count(time_.live()->polls);

        told_.poll(attempts_, slice);
        stop_signal poll_stop{stop_};
        stop_at limit{poll_stop, stop_reason::timeout};
        limit.set(time_, later(later(time_.now(), slice), core_.settings().wait.slice_margin));
        auto answer = co_await core_.endpoint().once(what_, attempts_, poll_stop, told_);
        if (!answer) co_return std::move(answer).error();
        co_return read_answer<result>(core_.endpoint(), what_, attempts_, *answer,
                                      core_.settings().json_depth);
    }

    static void count(std::atomic<std::int64_t>& what) noexcept {
        what.fetch_add(1, std::memory_order_relaxed);
    }

    step after_answer(result seen, steady_time begun, milliseconds slice) {
        auto const now = time_.now();
        // The status decides; the server's own flag may disagree with it.
        seen.timed_out_waiting = !is_terminal(kind::of(seen).status);
        if (!seen.timed_out_waiting || plan_.over(now)) return {ending{std::move(seen)}};
        told_.saw(kind::of(seen).status);
        last_ = std::move(seen);
        auto const held = std::chrono::floor<milliseconds>(now - begun);
        auto const pause = plan_.pause_after_answer(now, held, slice);
        count(pause.count() > 0 ? time_.live()->early_answers : time_.live()->slices);
        if (pause.count() > 0) told_.pause(pause_reason::early_answer, now, pause);
        return {std::nullopt, pause};
    }

    step after_fault(rpc::call_failure failed) {
        auto const now = time_.now();
        if (stopped_by_caller()) return {with_last(aborted(std::move(failed)))};
        if (!is_passing_fault(failed.code, failed.details->status))
            return {with_last(std::move(failed))};
        if (stop_.reason() == stop_reason::deadline || plan_.over(now))
            return {out_of_time(std::move(failed))};
        if (auto const pause = plan_.pause_after_fault(now, failed.details->retry_after)) {
            count(time_.live()->wait_faults);
            told_.failed(failed.code, std::move(failed.details), now);
            told_.pause(pause_reason::backoff, now, *pause);
            return {std::nullopt, *pause};
        }
        failed.details->cause = failed.code;
        failed.code = errc::lost_contact;
        return {with_last(std::move(failed))};
    }

    bool stopped_by_caller() const noexcept {
        return stop_.requested() && stop_.reason() != stop_reason::deadline;
    }

    /// Whatever else happened in the same turn: the caller asked for this end.
    rpc::call_failure aborted(rpc::call_failure failed) const {
        auto const code = stop_error(stop_.reason());
        if (failed.code != code) failed.details->cause = failed.code;
        failed.code = code;
        return failed;
    }

    /// The caller's time is up: what was seen last is the value; having seen nothing is an error.
    ending out_of_time(rpc::call_failure failed) {
        if (last_) return std::move(*last_);
        if (failed.code != errc::deadline_exceeded) failed.details->cause = failed.code;
        failed.code = errc::deadline_exceeded;
        return failed;
    }

    ending stopped_between_polls() {
        if (stop_.reason() == stop_reason::deadline && last_) return std::move(*last_);
        auto failed =
            core_.endpoint().fail(what_, stop_error(stop_.reason()), "stopped between two polls");
        failed.details->attempts = attempts_;
        return with_last(std::move(failed));
    }

    ending with_last(rpc::call_failure failed) {
        if (last_) kind::keep_last(*failed.details, std::move(*last_));
        return failed;
    }

    detail::client_core& core_;
    scheduler& time_;
    stop_signal& stop_;
    activity& told_;
    rpc::call what_;
    stop_at limit_;
    steady_time until_;
    wait_plan plan_;
    std::optional<result> last_;
    unsigned attempts_ = 0;
};

template <class Resource>
task<rpc::call_outcome<typename durable_resource<Resource>::wait_result>> wait_for_end(
    detail::client_core& core, stop_signal& stop, activity& told, std::string id,
    wait_options options) {
    using kind = durable_resource<Resource>;
    auto path = kind::wait_path(id);
    if (!path) co_return empty_id(core, kind::wait_name);
    auto what = call_on(core, kind::wait_name, "POST", std::move(*path), std::move(id));
    what.lane = lane_kind::wait;
    durable_wait<Resource> waiting{core, stop, told, std::move(what), options};
    co_return co_await waiting.run();
}

} // namespace bctrl
