#pragma once

#include <bctrl/command_page.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace bctrl::cli {

/// What the command is asked to do.
enum class action {
    operations_get,
    operations_wait,
    operations_cancel,
    invocations_get,
    runs_commands,
};

struct arguments {
    action what = action::operations_get;
    std::string id;
    std::string base_url; ///< empty: as the environment says
    std::string ca_file;  ///< empty: the system's trust store
    bool json = false;
    std::optional<std::chrono::milliseconds> timeout;
    commands_query query;
    bool all_pages = false;
};

/// Reads the command line. Where there is nothing to do but to leave (help, version, a mistake) it
/// has printed what is to be said, and returns the exit code.
std::variant<arguments, int> parse(int argc, char const* const* argv);

} // namespace bctrl::cli
