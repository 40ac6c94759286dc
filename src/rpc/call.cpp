#include "rpc/call.hpp"

#include "base/parking.hpp"
#include "codec/error_body.hpp"
#include "codec/readable_text.hpp"
#include "codec/retry_after.hpp"
#include "rpc/advice.hpp"
#include "rpc/retry.hpp"
#include "rpc/status.hpp"

#include <utility>

namespace bctrl::rpc {

namespace {

std::string_view path_of(std::string_view target) noexcept {
    return target.substr(0, target.find('?'));
}

/// A URL without its query, fragment and user information: each may hold what nobody else may see.
std::string showable(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    auto const slashes = url.find("//");
    if (slashes == std::string_view::npos) return std::string{url};
    auto const host = slashes + 2;
    // Some take a backslash for a slash.
    auto const authority = url.substr(host, url.find_first_of("/\\", host) - host);
    auto const behind_user = authority.rfind('@') + 1;
    return std::string{url.substr(0, host)}.append(url.substr(host + behind_user));
}

bool is_redirect(int status) noexcept {
    return status >= 300 && status < 400 && status != 304;
}

std::string unexpected_message(wire_response const& answer) {
    std::string text = "the server answers " + std::to_string(answer.status);
    if (!is_redirect(answer.status)) return text;
    text += "; redirects are never followed, for the key would go with them";
    auto const where =
        codec::readable_text(showable(answer.header("location")), codec::longest_header_quote);
    if (!where.empty()) text.append(" (to \"").append(where).append("\")");
    return text;
}

/// A call stopped in its second attempt or later still tells what went wrong before.
call_failure with_history(call_failure failed, std::string const& before) {
    if (!before.empty()) failed.details->message += "; the attempt before: " + before;
    return failed;
}

} // namespace

std::shared_ptr<error_details> endpoint::details_of(call const& what, unsigned attempt) const {
    auto details = std::make_shared<error_details>();
    details->call = what.name;
    details->method = what.request.method;
    details->url = url_;
    details->url += path_of(what.request.target);
    details->resource_id = what.resource_id;
    details->attempts = attempt;
    return details;
}

call_failure endpoint::fail(call const& what, error_code code, std::string message) const {
    auto details = details_of(what, 0);
    details->message = std::move(message);
    details->hint = advice_on(code);
    return {code, std::move(details)};
}

call_failure endpoint::no_answer(call const& what, unsigned attempt,
                                 exchange_failure failed) const {
    auto details = details_of(what, attempt);
    details->hint = advice_on(failed, what.request.replayable);
    details->message = std::move(failed.why.message);
    details->cause = failed.why.cause;
    return {failed.why.code, std::move(details)};
}

call_failure endpoint::refusal(call const& what, unsigned attempt,
                               wire_response const& answer) const {
    auto details = details_of(what, attempt);
    details->status = answer.status;
    auto const code = error_of_status(answer.status);
    auto body = codec::read_error_body(answer.body);
    details->message =
        code == errc::unexpected_status ? unexpected_message(answer) : std::move(body.message);
    details->code = std::move(body.code);
    details->reason_class = std::move(body.reason_class);
    details->hint = std::move(body.hint);
    if (details->hint.empty()) details->hint = advice_on(code);
    details->details = std::move(body.details);
    details->request_id = std::move(body.request_id);
    if (details->request_id.empty())
        details->request_id =
            codec::readable_text(answer.request_id(), codec::longest_header_quote);
    if (auto const wanted = answer.header("retry-after"); !wanted.empty()) {
        auto const now = std::chrono::floor<std::chrono::seconds>(scheduler_.time().system_now());
        details->retry_after = codec::read_retry_after(wanted, now);
    }
    return {code, std::move(details)};
}

call_outcome<wire_response> endpoint::take(call const& what, unsigned attempt,
                                           exchange_outcome answer) const {
    if (!answer) return no_answer(what, attempt, std::move(answer).error());
    if (error_of_status(answer->status)) return refusal(what, attempt, *answer);
    return std::move(answer).failing_with<call_failure>();
}

task<call_outcome<wire_response>> endpoint::with_retry(call const& what, retry_policy policy,
                                                       std::optional<steady_time> until,
                                                       stop_signal& stop, activity& told) {
    std::string before;
    for (unsigned attempt = 1;; ++attempt) {
        told.attempt(attempt);
        if (attempt > 1) scheduler_.live()->retries.fetch_add(1, std::memory_order_relaxed);
        auto answer = co_await send(what, stop, told);
        if (answer && !error_of_status(answer->status)) {
            budget_.call_succeeded();
            co_return std::move(answer).failing_with<call_failure>();
        }

        auto const again = answer ? what.request.replayable && retryable_status(answer->status)
                                  : retryable_fault(answer.error().why.code) &&
                                        may_send_again(answer.error(), what.request.replayable);
        auto failed = answer ? refusal(what, attempt, *answer)
                             : no_answer(what, attempt, std::move(answer).error());
        if (stop.requested()) co_return with_history(std::move(failed), before);
        if (!again || attempt >= policy.attempts) co_return failed;

        auto const pause =
            pause_before(attempt + 1, policy, failed.details->retry_after, scheduler_.random());
        auto const now = scheduler_.now();
        auto const next = later(now, pause.value_or(milliseconds{0}));
        if (!pause || (until && next >= *until)) co_return failed;
        if (!budget_.take(now)) {
            failed.details->message += "; the retries of all calls together are used up";
            co_return failed;
        }
        told.failed(failed.code, failed.details, now);
        told.pause(pause_reason::backoff, now, *pause);
        sleep_until rest{scheduler_, next, stop};
        if (!co_await rest) {
            failed.code = stop_error(stop.reason());
            co_return failed;
        }
        before = failed.details->message;
    }
}

} // namespace bctrl::rpc
