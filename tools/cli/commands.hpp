#pragma once

#include "cli/arguments.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/awaitable.hpp>

namespace bctrl::cli {

/// Does what `asked` says, prints the result on standard output, and returns the exit code.
/// @par Errors  Throws request_error.
boost::asio::awaitable<int> run(client& with, arguments asked);

} // namespace bctrl::cli
