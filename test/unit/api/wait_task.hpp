#pragma once

#include "api/durable_wait.hpp"
#include "base/task.hpp"

#include <string>
#include <utility>

namespace bctrl::testing {

/// A wait that a test awaits itself: what `run_wait` does, without a caller to tell.
template <class Resource>
task<rpc::call_outcome<typename durable_resource<Resource>::wait_result>> wait_for_end(
    detail::client_core& core, stop_signal& stop, listed_call& call, std::string id,
    wait_options given) {
    asked_wait asked{std::move(id), given};
    if (auto refused = refusal_of(core, durable_resource<Resource>::wait_name, asked))
        co_return *std::move(refused);
    joined_wait<Resource> wait{core, stop, call, std::move(asked)};
    auto& place = wait.place();
    co_await place;
    co_return wait.end();
}

} // namespace bctrl::testing
