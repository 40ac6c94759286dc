#pragma once

#include <bctrl/durable.hpp>
#include <bctrl/emulator/server.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace demo {

/// One operation of the demo: what its script says, and what came of it.
struct scripted_operation {
    std::string id;
    bctrl::durable_status expected = bctrl::durable_status::succeeded;
    std::optional<std::chrono::milliseconds>
        cancel_after; ///< set: the program cancels it on the way
};

/// Creates operations with mixed lives on the emulator: of twenty, thirteen succeed, three fail
/// with a diagnostic, two are to be cancelled halfway, and two run out of time.
/// @param shortest the shortest life; the longest is some seconds longer
std::vector<scripted_operation> create_operations(bctrl::emulator::server& on, std::size_t count,
                                                  std::chrono::milliseconds shortest);

} // namespace demo
