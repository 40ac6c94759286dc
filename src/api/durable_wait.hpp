#pragma once

#include "api/durable_poll.hpp"
#include "api/start_call.hpp"
#include "base/task_scope.hpp"

#include <bctrl/call_options.hpp>
#include <bctrl/wait_account.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// Waiting, the same for every kind of durable work.
namespace bctrl {

/// What a wait is asked for. On the heap, and gone when it has joined its poll: there may be a
/// million waits, and their frames hold what they need while they wait.
struct asked_wait {
    std::string id;
    wait_options options;
};

/// The policies that a wait brings along; null if it takes those of its client.
std::unique_ptr<wait_terms const> own_terms(detail::client_core& core, wait_options const& options);

/// The poll on the work of this id: one that runs already, if it may be shared, or a new one.
template <class Resource>
std::shared_ptr<durable_poll<Resource>> poll_for(detail::client_core& core, std::string id,
                                                 wait_options const& options) {
    using poll = durable_poll<Resource>;
    auto& desk = core.waits();
    auto terms = own_terms(core, options);
    auto const open = options.share && !terms;
    if (open)
        if (auto* const running = desk.open_poll(durable_resource<Resource>::wait_name, id))
            return std::static_pointer_cast<poll>(running->shared_from_this());
    auto made = std::make_shared<poll>(desk, std::move(id), open, std::move(terms));
    desk.enter(*made);
    return made;
}

/// Sends the cancel that the caller has asked for, should it abandon its wait.
template <class Resource>
std::shared_ptr<remote_cancel const> keep_promise(durable_poll<Resource> const& poll,
                                                  abandonment promised) {
    using kind = durable_resource<Resource>;
    auto& desk = poll.desk();
    auto const& id = poll.id();
    if (promised == abandonment::leave) return nullptr;
    if (promised == abandonment::cancel_if_last && desk.is_waited_for(kind::wait_name, id))
        return nullptr;
    auto what = call_on(desk.core(), kind::cancel_name, "POST", *kind::cancel_path(id), id);
    return desk.cancel_remotely(std::move(what), poll.terms().wait.abandon_timeout);
}

/// When a wait that begins now has waited for as long as it was to; the end of time if for ever.
steady_time end_of_time_for(wait_options const& options, steady_time now);

void fill(wait_account& account, shared_poll const& from, waiter const& one);

/// Why a wait of this name that is asked for like this cannot be made; nothing if it can.
std::optional<rpc::call_failure> refusal_of(detail::client_core const& core, std::string_view name,
                                            asked_wait const& asked);

/// One wait at the poll that it shares, while it waits. Lives in the frame of the wait.
template <class Resource>
class joined_wait {
public:
    using result = typename durable_resource<Resource>::wait_result;

    joined_wait(detail::client_core& core, stop_signal& stop, listed_call& call, asked_wait asked)
        : joined_wait{stop, call, asked.options,
                      end_of_time_for(asked.options, core.runs_on().now()),
                      poll_for<Resource>(core, std::move(asked.id), asked.options)} {}

    /// Joins this poll, and begins it if nobody did.
    joined_wait(stop_signal& stop, listed_call& call, wait_options const& options,
                steady_time until, std::shared_ptr<durable_poll<Resource>> poll)
        : poll_{std::move(poll)},
          account_{options.account},
          on_abandon_{options.on_abandon},
          self_{std::in_place, *poll_, until, stop},
          shown_{call, poll_->subject(), until, poll_->told()} {
        if (!stop.requested()) poll_->begin();
    }

    /// To be awaited; then the wait has ended.
    parking& place() noexcept { return self_->place(); }

    /// Takes the end of the wait, and leaves the poll.
    rpc::call_outcome<result> end() {
        auto const stopped = self_->stopped();
        auto ended = poll_->end_of(*self_, stopped);
        if (account_) fill(*account_, *poll_, *self_);
        self_.reset();
        if (!ended && stopped == stop_reason::cancelled)
            ended.error().details->cancel_sent = keep_promise(*poll_, on_abandon_);
        return ended;
    }

private:
    std::shared_ptr<durable_poll<Resource>> poll_;
    wait_account* account_;
    abandonment on_abandon_;
    std::optional<waiter> self_;
    showing shown_;
};

/// The frame of one wait. Of these there may be a million: it is like `run_call`, in one frame with
/// its work.
/// @param who may stop it (`stopped_by`), and is told of its end (`tell`)
template <class Resource, class Who>
root_task run_wait(std::shared_ptr<detail::client_core> core, Who who,
                   std::unique_ptr<asked_wait> asked) {
    using kind = durable_resource<Resource>;
    std::optional<rpc::call_outcome<typename kind::wait_result>> ended;
    {
        detail::running_call self{*core, who.stopped_by()};
        try {
            if (auto refused = refusal_of(*core, kind::wait_name, *asked)) {
                ended = *std::move(refused);
            } else {
                joined_wait<Resource> wait{*core, self.stop, self.call, std::move(*asked)};
                asked.reset();
                auto& place = wait.place();
                co_await place;
                ended = wait.end();
            }
        } catch (...) {
            ended = detail::failure_of(std::current_exception());
        }
        detail::count_end(*core, *ended);
    }
    tell(*core, who, *std::move(ended));
}

} // namespace bctrl
