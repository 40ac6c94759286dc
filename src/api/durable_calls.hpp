#pragma once

#include "api/answer.hpp"
#include "api/client_core.hpp"
#include "api/durable_resource.hpp"
#include "base/parking.hpp"
#include "base/task.hpp"

#include <bctrl/call_options.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

/// Get and cancel, the same for every kind of durable work.
namespace bctrl {

/// When a call with these options must have ended.
steady_time deadline_of(detail::client_core& core, call_options const& options);
retry_policy retry_of(detail::client_core& core, call_options const& options);

/// Makes a call under its deadline and reads the document that it answers with.
template <class T>
task<rpc::call_outcome<T>> call_for_document(detail::client_core& core, stop_signal& stop,
                                             listed_call& call, rpc::call what,
                                             call_options options) {
    auto const until = deadline_of(core, options);
    activity told{core.runs_on().now()};
    showing const shown{call, what, until, told};
    stop_at limit{stop, stop_reason::deadline};
    limit.set(core.runs_on(), until);
    auto answer =
        co_await core.endpoint().with_retry(what, retry_of(core, options), until, stop, told);
    if (!answer) co_return std::move(answer).error();
    co_return read_answer<T>(core.endpoint(), what, 1, *answer, core.settings().json_depth);
}

/// The call on one resource; nothing if its id cannot be sent.
rpc::call call_on(detail::client_core const& core, std::string_view name, std::string_view method,
                  std::string path, std::string id);

/// The failure of a call whose id is empty.
rpc::call_failure empty_id(detail::client_core const& core, std::string_view name);

/// A call that cannot be made.
template <class T>
task<rpc::call_outcome<T>> refuse(rpc::call_failure why) {
    co_return why;
}

template <class Resource>
task<rpc::call_outcome<Resource>> get_resource(detail::client_core& core, stop_signal& stop,
                                               listed_call& call, std::string id,
                                               call_options options) {
    using kind = durable_resource<Resource>;
    auto path = kind::path(id);
    if (!path) return refuse<Resource>(empty_id(core, kind::get_name));
    auto what = call_on(core, kind::get_name, "GET", std::move(*path), std::move(id));
    return call_for_document<Resource>(core, stop, call, std::move(what), options);
}

template <class Resource>
task<rpc::call_outcome<Resource>> cancel_resource(detail::client_core& core, stop_signal& stop,
                                                  listed_call& call, std::string id,
                                                  call_options options) {
    using kind = durable_resource<Resource>;
    auto path = kind::cancel_path(id);
    if (!path) return refuse<Resource>(empty_id(core, kind::cancel_name));
    auto what = call_on(core, kind::cancel_name, "POST", std::move(*path), std::move(id));
    return call_for_document<Resource>(core, stop, call, std::move(what), options);
}

} // namespace bctrl
