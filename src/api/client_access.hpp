#pragma once

#include <bctrl/client.hpp>

#include <memory>
#include <utility>

namespace bctrl::detail {

/// Makes a client over a core with parts of its own, as a simulation has them.
struct client_access {
    static client make(std::shared_ptr<client_core> core) { return client{std::move(core)}; }
};

} // namespace bctrl::detail
