#include "rpc/status.hpp"

namespace bctrl::rpc {

error_code error_of_status(int status) noexcept {
    switch (status) {
        case 400:
        case 422:
            return errc::invalid_request;
        case 401:
            return errc::unauthenticated;
        case 403:
            return errc::permission_denied;
        case 404:
            return errc::not_found;
        case 408:
            return errc::server_error;
        case 409:
            return errc::conflict;
        case 410:
            return errc::gone;
        case 429:
            return errc::rate_limited;
        default:
            break;
    }
    if (status >= 200 && status < 300) return {};
    if (status >= 400 && status < 500) return errc::refused;
    if (status >= 500 && status < 600) return errc::server_error;
    return errc::unexpected_status;
}

} // namespace bctrl::rpc
