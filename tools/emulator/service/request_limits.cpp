#include "emulator/service/request_limits.hpp"

namespace bctrl::emulator {

failure header_too_large() {
    return {431, "request.header_too_large", "The header is larger than 64 KiB.", "Send less.", {}};
}

failure body_too_large() {
    return {413, "request.too_large", "The body is larger than 8 MiB.", "Send less at once.", {}};
}

} // namespace bctrl::emulator
