#include "cli/exit_code.hpp"

#include <boost/asio/error.hpp>

namespace bctrl::cli {

int exit_code_of(error_code code, bool patient) noexcept {
    if (code == boost::asio::error::operation_aborted) return exit_interrupted;
    if (code == errc::invalid_configuration || code == errc::invalid_argument ||
        code == errc::insecure_origin)
        return exit_usage;
    if (code == errc::deadline_exceeded) return patient ? exit_still_running : exit_network;
    if (code == errc::internal || code == errc::out_of_memory) return exit_internal;
    if (code == condition::auth) return exit_auth;
    if (code == condition::not_found) return exit_not_found;
    if (code == condition::transport || code == condition::protocol || code == errc::lost_contact ||
        code == errc::too_many_descriptors || code == errc::queue_full ||
        code == errc::queue_timeout)
        return exit_network;
    return exit_api_error;
}

} // namespace bctrl::cli
