#include <bctrl/wait_many.hpp>

#include "api/await_call.hpp"
#include "api/client_access.hpp"
#include "api/client_core.hpp"
#include "api/start_call.hpp"
#include "api/wait_set_state.hpp"

#include <utility>

namespace bctrl {

namespace {

/// The waits for many works, all in flight at a time. However the call ends, they do.
class many_waits {
public:
    many_waits(detail::client_core& core, wait_many_options const& options)
        : waits_{std::make_shared<detail::wait_set_state>(
              core,
              wait_set_options{.in_flight = std::numeric_limits<std::size_t>::max(),
                               .most_untaken = std::numeric_limits<std::size_t>::max(),
                               .policy = options.policy},
              options.on_abandon)} {}
    many_waits(many_waits const&) = delete;
    many_waits& operator=(many_waits const&) = delete;
    ~many_waits() { waits_->close(stop_reason::closed); }

    detail::wait_set_state& operator*() const noexcept { return *waits_; }
    detail::wait_set_state* operator->() const noexcept { return waits_.get(); }

private:
    std::shared_ptr<detail::wait_set_state> waits_;
};

void take_ended(detail::wait_set_state& from, std::size_t most, std::vector<ended_work>& into) {
    while (into.size() < most) {
        auto const taken = from.take();
        if (!taken) return;
        into.push_back(std::move(*taken));
    }
}

task<rpc::call_outcome<waited_works>> wait_for_some(detail::client_core& core, stop_signal& stop,
                                                    listed_call&,
                                                    std::shared_ptr<detail::asked_works> asked) {
    stop_signal patience{stop};
    stop_at limit{patience, stop_reason::deadline};
    auto const within = asked->options.within;
    if (within) limit.set(core.runs_on(), later(core.runs_on().now(), *within));

    many_waits waits{core, asked->options};
    if (asked->count > 0)
        for (auto const& each : std::exchange(asked->works, {}))
            waits->add(each, {});

    waited_works made;
    while (true) {
        take_ended(*waits, asked->count, made.ended);
        if (made.ended.size() == asked->count || waits->is_over() || patience.requested()) break;
        parking place{core.runs_on(), patience};
        detail::awaiting_change const shown{*waits, place};
        co_await place;
    }
    auto const enough = made.ended.size() == asked->count || waits->is_over();
    made.open = waits->close(enough ? stop_reason::cancelled : patience.reason());
    if (asked->count == 0) made.open = std::move(asked->works);
    if (enough || patience.reason() == stop_reason::deadline) co_return made;
    rpc::call what;
    what.name = "wait_some";
    co_return core.endpoint().fail(what, stop_error(stop.reason()),
                                   "too few works had ended by then");
}

} // namespace

std::shared_ptr<detail::client_core> const& detail::core_of(client const& of) noexcept {
    return client_access::core_of(of);
}

void detail::start_wait_many(completion<waited_works> done, std::shared_ptr<client_core> core,
                             std::shared_ptr<asked_works> asked) {
    start_call<waited_works>(std::move(done), std::move(core), &wait_for_some, std::move(asked));
}

template boost::asio::awaitable<waited_works> detail::await_call(
    void (*)(detail::completion<waited_works>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::asked_works>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::asked_works>);

} // namespace bctrl
