#pragma once

#include "emulator/model/store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::emulator {

/// The query of a list of commands. Empty filters let everything through.
struct command_query {
    std::size_t limit = 50;
    bool descending = false;
    std::vector<std::string> statuses{};
    std::vector<std::string> execution_modes{};
    std::string cursor{}; ///< empty: the first page
};

struct command_page {
    std::vector<resource const*> commands;
    std::optional<std::string> next_cursor; ///< unset on the last page
};

/// One page of a run's commands, or nothing if the cursor is none of ours or belongs to another
/// order. A cursor names a page and the command before it, so commands that are added later move no
/// page.
std::optional<command_page> page_of(run const& from, command_query const& query, time_point now);

} // namespace bctrl::emulator
