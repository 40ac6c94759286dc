#include "api/durable_wait.hpp"

namespace bctrl {

std::optional<wait_terms> own_terms(detail::client_core& core, wait_options const& options) {
    if (!options.policy) return std::nullopt;
    return wait_terms{*options.policy, core.settings().terms.retry};
}

void fill(wait_account& account, shared_poll const& from, waiter const& one) {
    account.polls = from.polls() - one.polls_before();
    account.faults = from.faults() - one.faults_before();
    account.shared = from.most_waiters() > 1;
    account.last_fault = from.last_fault_code();
    account.request_id = from.request_id();
    account.last_seen_age = from.age_of_last();
}

} // namespace bctrl
