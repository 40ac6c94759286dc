#include <bctrl/version.hpp>

#define BCTRL_TEXT_OF(x) #x
#define BCTRL_TEXT(x) BCTRL_TEXT_OF(x)

namespace bctrl {

char const* version() noexcept {
    return BCTRL_TEXT(BCTRL_VERSION_MAJOR) "." BCTRL_TEXT(BCTRL_VERSION_MINOR) "." BCTRL_TEXT(
        BCTRL_VERSION_PATCH);
}

} // namespace bctrl
