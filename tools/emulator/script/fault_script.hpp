#pragma once

#include <bctrl/emulator/fault.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>

namespace bctrl::emulator {

/// A fault and the number of the connection that it is for, if it is not for all.
struct wanted_fault {
    connection_fault what{};
    std::optional<std::uint64_t> connection{};
};

/// Reads the body of `POST /emulator/faults`.
/// @throws script_fault
wanted_fault read_fault(boost::json::value const& body);

} // namespace bctrl::emulator
