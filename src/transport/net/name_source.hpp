#pragma once

#include "base/scheduler.hpp"

#include <boost/asio/ip/address.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bctrl::net {

/// Where the addresses of names come from. Tests install one that follows a script.
class name_source {
public:
    /// An error, or addresses in the order in which they shall be preferred.
    using answer = std::function<void(error_code, std::vector<boost::asio::ip::address>)>;

    virtual ~name_source() = default;

    /// Begins to look `host` up. Calls `tell` once, on the client's strand, unless the execution
    /// context vanishes; from within if it cannot even begin.
    virtual void look_up(std::string const& host, answer tell) = 0;
};

/// The system's: getaddrinfo, on a thread of the execution context. It cannot be stopped, and a
/// look-up that takes long delays those behind it.
std::shared_ptr<name_source> system_names(scheduler& runs_on);

} // namespace bctrl::net
