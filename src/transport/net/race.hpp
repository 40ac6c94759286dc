#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/task.hpp"
#include "transport/net/address_order.hpp"
#include "transport/net/stream.hpp"

namespace bctrl::net {

/// A connected socket, and to which address.
struct connected {
    socket made;
    boost::asio::ip::tcp::endpoint to;
};

/// Connects to the first of `addresses` that accepts (RFC 8305); what else was begun is closed.
/// @pre `addresses` is not empty
/// @returns the connection, or `connect_failed` or `too_many_descriptors` with every address tried,
/// or what the stop asks for.
task<outcome<connected, failure>> race(scheduler& runs_on, address_list addresses,
                                       stop_signal& stop);

/// Whether opening a socket has failed because the process or the machine has no descriptor left.
bool is_out_of_descriptors(error_code ec) noexcept;

} // namespace bctrl::net
