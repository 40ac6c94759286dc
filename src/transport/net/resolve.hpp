#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/scheduler.hpp"
#include "base/task.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

namespace bctrl::net {

using address_list = std::vector<boost::asio::ip::tcp::endpoint>;

/// The addresses of `host`, in the system's order; an address literal and "localhost" need no look-up. A stopped
/// look-up ends at once for the caller; the system's own goes on unseen, for it cannot be stopped.
/// @returns at least one address, or `errc::resolve_failed`, or what the stop asks for.
task<outcome<address_list, failure>> resolve(scheduler& runs_on, std::string host,
                                             unsigned short port, stop_signal& stop);

} // namespace bctrl::net
