#pragma once

#include <bctrl/invocation.hpp>
#include <bctrl/operation.hpp>

#include <string>

namespace bctrl::cli {

/// Durable work in some lines for people. Each line ends with a line break.
std::string summary(operation const& of);
std::string summary(invocation const& of);

/// A command of a run in one line.
std::string list_line(invocation const& of);

} // namespace bctrl::cli
