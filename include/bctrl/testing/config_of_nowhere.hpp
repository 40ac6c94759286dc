#pragma once

#include <bctrl/client_config.hpp>

namespace bctrl::testing {

/// A configuration that a client can be made of, and that names no real server and holds no real key.
/// Everything else is as in `client_config{}`. The start for settings of your own.
/// @par Thread safety  Safe from any thread.
client_config config_of_nowhere();

} // namespace bctrl::testing
