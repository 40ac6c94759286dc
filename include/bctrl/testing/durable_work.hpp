#pragma once

#include <bctrl/durable.hpp>
#include <bctrl/testing/scripted_server.hpp>

#include <chrono>

namespace bctrl::testing {

/// A server on which every operation and every invocation runs until `ends_at`, and then has ended as
/// `how`: for `scripted_server::answer_with`, or `path_script::answer_with` if some are to differ.
///
/// It answers `get` at once, and `wait` like the real thing: when the work ends, or when the time is up
/// that the request asks for. Everything else, `cancel` included, it leaves to others.
/// @param ends_at since the start of the simulation
reply_function durable_work(std::chrono::milliseconds ends_at,
                            durable_status how = durable_status::succeeded);

} // namespace bctrl::testing
