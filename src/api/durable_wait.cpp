#include "api/durable_wait.hpp"

#include "api/concealed_key.hpp"

namespace bctrl {

kept_options::kept_options(wait_options const& given)
    : within{given.within},
      policy{given.policy ? std::make_unique<wait_policy const>(*given.policy) : nullptr},
      account{given.account},
      on_abandon{given.on_abandon},
      share{given.share} {}

std::unique_ptr<wait_terms const> own_terms(detail::client_core& core,
                                            kept_options const& options) {
    if (!options.policy) return nullptr;
    return std::make_unique<wait_terms const>(
        wait_terms{*options.policy, core.settings().terms.retry});
}

rpc::call_failure unusable_policy(detail::client_core const& core, std::string_view name,
                                  std::string id) {
    rpc::call what;
    what.name = name;
    what.resource_id = std::move(id);
    return core.endpoint().fail(what, errc::invalid_argument,
                                "a time of wait_options::policy is not positive");
}

void fill(wait_account& account, detail::client_core const& core, shared_poll const& from,
          waiter const& one) {
    account.polls = from.polls() - one.polls_before();
    account.faults = from.faults() - one.faults_before();
    account.shared = from.most_waiters() > 1;
    account.last_fault = from.last_fault_code();
    account.request_id = from.request_id();
    conceal(account.request_id, core.settings().key.reveal());
    account.last_seen_age = from.age_of_last();
}

} // namespace bctrl
