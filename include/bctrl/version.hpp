#pragma once

#define BCTRL_VERSION_MAJOR 0
#define BCTRL_VERSION_MINOR 1
#define BCTRL_VERSION_PATCH 0

namespace bctrl {

/// The version of the library that is linked, as in "0.1.0".
/// @par Thread safety  Safe from any thread.
char const* version() noexcept;

} // namespace bctrl
