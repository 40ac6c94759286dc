#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/task.hpp"
#include "transport/net/stream.hpp"

#include <string>

namespace bctrl::net {

/// Connects to a Unix socket of this machine. A listener whose queue is full is tried again until
/// the stop.
/// @returns the socket, or `connect_failed` or `too_many_descriptors`, or what the stop asks for.
task<outcome<socket, failure>> connect_to_unix_socket(scheduler& runs_on, std::string path,
                                                      stop_signal& stop);

} // namespace bctrl::net
