#pragma once

#include "emulator/model/page_script.hpp"
#include "emulator/model/resource.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <vector>

namespace bctrl::emulator {

/// Resources to create, and whether the request's shape asks for a list in return.
struct creation {
    std::vector<resource_description> resources{};
    bool is_list = false;
};

/// Reads the body of `POST /emulator/operations` or `/emulator/invocations`: one description, an
/// array of them, or an object that holds such an array. A description with a `count` stands for
/// many.
/// @throws script_fault
creation read_creation(resource_kind kind, boost::json::value const& body);

/// A run to create with its commands.
struct run_creation {
    std::string id{};
    page_script pages{};
    std::vector<resource_description> commands{}; ///< without their `run_id`
};

/// Reads the body of `POST /emulator/runs`.
/// @throws script_fault
run_creation read_run_creation(boost::json::value const& body);

} // namespace bctrl::emulator
