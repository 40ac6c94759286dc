#include "api/durable_calls.hpp"

namespace bctrl {

steady_time deadline_of(detail::client_core& core, call_options const& options) {
    return later(core.runs_on().now(), options.timeout.value_or(core.settings().call_timeout));
}

retry_policy retry_of(detail::client_core& core, call_options const& options) {
    return options.retry.value_or(core.settings().terms.retry);
}

rpc::call call_on(detail::client_core const& core, std::string_view name, std::string_view method,
                  std::string path, std::string id) {
    rpc::call what;
    what.name = name;
    what.request.method = method;
    what.request.target = core.settings().where.prefix + path;
    what.resource_id = std::move(id);
    what.request.replayable = true;
    return what;
}

rpc::call_failure empty_id(detail::client_core const& core, std::string_view name) {
    rpc::call what;
    what.name = name;
    return core.endpoint().fail(what, errc::invalid_argument,
                                "the id is empty; no path can name it");
}

} // namespace bctrl
