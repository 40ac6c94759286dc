#include "api/durable_wait.hpp"

#include "api/concealed_key.hpp"

#include <algorithm>

namespace bctrl {

std::unique_ptr<wait_terms const> own_terms(detail::client_core& core,
                                            wait_options const& options) {
    if (!options.policy) return nullptr;
    return std::make_unique<wait_terms const>(
        wait_terms{*options.policy, core.settings().terms.retry});
}

std::optional<rpc::call_failure> refusal_of(detail::client_core const& core, std::string_view name,
                                            asked_wait const& asked) {
    if (core.refuses_calls()) return detail::refusal_of_closed_client();
    if (asked.id.empty()) return empty_id(core, name);
    if (!asked.options.policy || is_usable(*asked.options.policy)) return std::nullopt;
    rpc::call what;
    what.name = name;
    what.resource_id = asked.id;
    return core.endpoint().fail(what, errc::invalid_argument,
                                "a time of wait_options::policy is not positive");
}

steady_time end_of_time_for(wait_options const& options, steady_time now) {
    if (!options.within) return steady_time::max();
    // However long it is, it is not for ever: such a wait outlives any outage.
    return std::min(later(now, *options.within), steady_time::max() - steady_time::duration{1});
}

void fill(wait_account& account, shared_poll const& from, waiter const& one) {
    account.polls = from.polls() - one.polls_before();
    account.faults = from.faults() - one.faults_before();
    account.shared = from.most_waiters() > 1;
    account.last_fault = from.last_fault_code();
    account.request_id = from.request_id();
    conceal(account.request_id, from.desk().core().settings().traces.get());
    account.last_seen_age = from.age_of_last();
}

} // namespace bctrl
