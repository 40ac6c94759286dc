#include <bctrl/durable_watch.hpp>

#include "api/await_call.hpp"
#include "api/durable_wait.hpp"
#include "api/start_call.hpp"
#include "api/watched_poll.hpp"

#include <algorithm>
#include <utility>

namespace bctrl {

namespace {

/// Who knows nothing yet is told the state as it is, not as it will be.
constexpr milliseconds no_time{1};

/// How the next polls go: as often as the watch is to look.
std::unique_ptr<wait_terms const> pace_of(detail::client_core& core, watch_options const& options,
                                          bool first) {
    auto terms = core.settings().terms;
    if (options.policy) terms.wait = *options.policy;
    auto const interval = options.interval;
    terms.wait.slice = first ? no_time : interval;
    terms.wait.floor = interval;
    terms.wait.max_floor = std::max(terms.wait.max_floor, interval);
    terms.wait.get_interval = interval;
    terms.wait.max_get_interval = interval;
    return std::make_unique<wait_terms const>(std::move(terms));
}

/// Why nothing can be watched like this; nothing if it can.
std::optional<rpc::call_failure> refusal_of_watch(detail::client_core& core, std::string_view name,
                                                  std::string const& id, wait_terms const& terms) {
    if (id.empty()) return empty_id(core, name);
    if (is_usable(terms.wait)) return std::nullopt;
    rpc::call what;
    what.name = name;
    what.resource_id = id;
    return core.endpoint().fail(what, errc::invalid_argument,
                                "a time of watch_options is not positive");
}

template <class Resource>
task<rpc::call_outcome<std::optional<Resource>>> next_change(
    detail::client_core& core, stop_signal& stop, listed_call& call,
    std::shared_ptr<detail::watched_work<Resource>> work) {
    using kind = durable_resource<Resource>;
    if (work->over) co_return std::optional<Resource>{};
    auto terms = pace_of(core, work->options, !work->told);
    if (auto refused = refusal_of_watch(core, kind::wait_name, work->id, *terms))
        co_return *std::move(refused);
    if (work->next_look > core.runs_on().now()) {
        sleep_until rest{core.runs_on(), work->next_look, stop};
        co_await rest;
    }

    auto poll = std::make_shared<watched_poll<Resource>>(core.waits(), std::move(terms), work);
    core.waits().enter(*poll);
    joined_wait<Resource> wait{stop, call, {}, steady_time::max(), poll};
    auto& place = wait.place();
    co_await place;
    if (auto const* const change = poll->change(); change && !stop.requested()) {
        work->told = watched_state_of(*change);
        co_return std::optional<Resource>{*change};
    }
    auto ended = wait.end();
    if (!ended) co_return std::move(ended).error();
    work->over = true;
    co_return std::optional<Resource>{std::move(kind::of(*ended))};
}

} // namespace

template <class Resource>
auto durable_watch<Resource>::make_work(std::string id, watch_options const& options)
    -> work_pointer {
    auto work = std::make_shared<detail::watched_work<Resource>>();
    work->id = std::move(id);
    work->options = options;
    return work;
}

template <class Resource>
void durable_watch<Resource>::start_next(detail::completion<std::optional<Resource>> done,
                                         core_pointer core, work_pointer work) {
    detail::start_call<std::optional<Resource>>(std::move(done), std::move(core),
                                                &next_change<Resource>, std::move(work));
}

template class durable_watch<operation>;
template class durable_watch<invocation>;

template boost::asio::awaitable<std::optional<operation>> detail::await_call(
    void (*)(detail::completion<std::optional<operation>>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::watched_work<operation>>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::watched_work<operation>>);
template boost::asio::awaitable<std::optional<invocation>> detail::await_call(
    void (*)(detail::completion<std::optional<invocation>>, std::shared_ptr<detail::client_core>,
             std::shared_ptr<detail::watched_work<invocation>>),
    boost::asio::any_io_executor, std::shared_ptr<detail::client_core>, error_details*,
    std::shared_ptr<detail::watched_work<invocation>>);

} // namespace bctrl
