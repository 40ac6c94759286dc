#pragma once

#include <bctrl/client.hpp>

#include <memory>
#include <utility>

namespace bctrl::detail {

/// Makes a client over a core with parts of its own, as a simulation has them, and gives the core of a
/// client to what is built upon it.
struct client_access {
    static client make(std::shared_ptr<client_core> core) { return client{std::move(core)}; }
    static std::shared_ptr<client_core> const& core_of(client const& of) noexcept {
        return of.core_;
    }
};

} // namespace bctrl::detail
