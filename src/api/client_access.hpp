#pragma once

#include <bctrl/client.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <utility>

namespace bctrl::detail {

/// Makes a client over a core with parts of its own, as a simulation has them.
struct client_access {
    static client make(boost::asio::any_io_executor executor, std::shared_ptr<client_core> core) {
        return client{std::move(executor), std::move(core)};
    }
};

} // namespace bctrl::detail
