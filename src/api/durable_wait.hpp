#pragma once

#include "api/durable_poll.hpp"
#include "base/task.hpp"

#include <bctrl/call_options.hpp>
#include <bctrl/wait_account.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

/// Waiting, the same for every kind of durable work.
namespace bctrl {

/// Shows a wait as what its polls do, while this lives.
class following {
public:
    following(activity& wait, shared_poll& poll, std::optional<steady_time> until) noexcept
        : wait_{wait}, shown_{wait, poll.subject(), until.value_or(steady_time::max())} {
        wait_.follow(&poll.told());
    }
    following(following const&) = delete;
    following& operator=(following const&) = delete;
    ~following() { wait_.follow(nullptr); }

private:
    activity& wait_;
    showing shown_;
};

/// `wait_options` as they lie in the frame of a wait, of which there may be a million: few bring a
/// policy of their own.
struct kept_options {
    explicit kept_options(wait_options const& given);

    std::optional<milliseconds> within;
    std::unique_ptr<wait_policy const> policy; ///< null: the client's
    wait_account* account;
    abandonment on_abandon;
    bool share;
};

/// The policies that a wait brings along; null if it takes those of its client.
std::unique_ptr<wait_terms const> own_terms(detail::client_core& core, kept_options const& options);

/// The poll on the work of this id: one that runs already, if it may be shared, or a new one.
template <class Resource>
std::shared_ptr<durable_poll<Resource>> poll_for(detail::client_core& core, std::string const& id,
                                                 kept_options const& options) {
    using poll = durable_poll<Resource>;
    auto& desk = core.waits();
    auto terms = own_terms(core, options);
    auto const open = options.share && !terms;
    if (open)
        if (auto* const running = desk.open_poll(durable_resource<Resource>::wait_name, id))
            return std::static_pointer_cast<poll>(running->shared_from_this());
    auto made = std::make_shared<poll>(desk, id, open, std::move(terms));
    desk.enter(*made);
    return made;
}

/// Sends the cancel that the caller has asked for, should it abandon its wait.
template <class Resource>
std::shared_ptr<remote_cancel const> keep_promise(detail::client_core& core, std::string const& id,
                                                  kept_options const& options) {
    using kind = durable_resource<Resource>;
    auto& desk = core.waits();
    if (options.on_abandon == abandonment::leave) return nullptr;
    if (options.on_abandon == abandonment::cancel_if_last &&
        desk.is_waited_for(kind::wait_name, id))
        return nullptr;
    auto what = call_on(core, kind::cancel_name, "POST", *kind::cancel_path(id), id);
    auto const& policy = options.policy ? *options.policy : core.settings().terms.wait;
    return desk.cancel_remotely(std::move(what), policy.abandon_timeout);
}

void fill(wait_account& account, detail::client_core const& core, shared_poll const& from,
          waiter const& one);

/// The failure of a wait whose own policy holds a time that is not positive.
rpc::call_failure unusable_policy(detail::client_core const& core, std::string_view name,
                                  std::string id);

/// @param id      and `options` outlive it
template <class Resource>
task<rpc::call_outcome<typename durable_resource<Resource>::wait_result>> wait_for_end(
    detail::client_core& core, stop_signal& stop, activity& told, std::string const& id,
    kept_options const& options) {
    using kind = durable_resource<Resource>;
    if (!kind::wait_path(id)) co_return empty_id(core, kind::wait_name);
    if (options.policy && !is_usable(*options.policy))
        co_return unusable_policy(core, kind::wait_name, id);

    std::optional<steady_time> until;
    if (options.within) until = later(core.runs_on().now(), *options.within);
    auto const poll = poll_for<Resource>(core, id, options);
    std::optional<waiter> self;
    self.emplace(*poll, until, stop);
    following const polls{told, *poll, until};
    if (!stop.requested()) poll->begin(poll);
    auto& place = self->place();
    co_await place;

    auto ended = poll->end_of(*self, stop);
    if (options.account) fill(*options.account, core, *poll, *self);
    self.reset();
    auto const abandoned = !ended && stop.reason() == stop_reason::cancelled;
    if (abandoned) ended.error().details->cancel_sent = keep_promise<Resource>(core, id, options);
    co_return ended;
}

} // namespace bctrl
