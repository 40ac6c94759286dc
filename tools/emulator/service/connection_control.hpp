#pragma once

#include <bctrl/emulator/fault.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bctrl::emulator {

/// Which connections a fault is for, by their numbers.
struct connection_choice {
    std::optional<std::uint64_t> only{}; ///< not set: all
    std::uint64_t except = 0;            ///< left alone unless it is named by `only`
};

/// The open connections, for whoever knows nothing of sockets.
class connection_control {
public:
    virtual std::vector<connection_info> connections() const = 0;

    /// @returns as `server::inject` does
    virtual std::size_t inject(connection_fault const& fault, connection_choice const& whom) = 0;

protected:
    ~connection_control() = default;
};

} // namespace bctrl::emulator
