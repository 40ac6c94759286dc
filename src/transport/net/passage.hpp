#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/task.hpp"
#include "transport/net/stream.hpp"

namespace bctrl::net {

/// A proxy that stands between us and the host: connected to instead, and asked to let us through.
class passage {
public:
    virtual ~passage() = default;

    /// Asks on a connection to the proxy.
    /// @returns nothing once every further byte is the host's; why it is not let through; or what
    /// the stop asks for.
    virtual task<outcome<void, failure>> open(stream& on, stop_signal& stop) const = 0;
};

} // namespace bctrl::net
