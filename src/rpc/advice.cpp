#include "rpc/advice.hpp"

namespace bctrl::rpc {

std::string_view advice_on(error_code code) noexcept {
    if (code.category() != error_category()) return {};
    switch (static_cast<errc>(code.value())) {
        case errc::deadline_exceeded:
            return "Check that the service can be reached, or allow the call more time";
        case errc::queue_full:
            return "Make fewer calls at a time, or raise client_limits";
        case errc::too_many_descriptors:
            return "Raise the limit of open files (ulimit -n), or lower client_limits";
        case errc::resolve_failed:
            return "Check the host in the base URL, and the name service of this machine";
        case errc::connect_failed:
            return "Check that the service runs at that address, and that no firewall is in the "
                   "way";
        case errc::tls_failed:
            return "Check that TLS 1.2 or newer is spoken at that address, without a proxy that "
                   "changes it";
        case errc::certificate_rejected:
            return "Check the host in the base URL and the clock of this machine; for an authority "
                   "that the system does not know set client_config::ca_file";
        case errc::connection_lost:
            return "Try again; if it happens often, look for a proxy that ends connections";
        case errc::malformed_response:
        case errc::unexpected_status:
            return "Check that the base URL is that of the API; a proxy on the way may be at fault";
        case errc::header_too_large:
            return "A proxy on the way may be at fault; else raise client_limits::header_bytes";
        case errc::body_too_large:
            return "Ask for less at a time, or raise client_limits::body_bytes";
        case errc::unauthenticated:
            return "Check the API key, and that it belongs to this base URL";
        default:
            return {};
    }
}

std::string_view advice_on(exchange_failure const& failed, bool replayable) noexcept {
    auto const usual = advice_on(failed.why.code);
    if (failed.progress == exchange_progress::unsent || replayable) return usual;
    if (usual.empty()) return usual;
    return "The server may have carried the request out: look before sending it again, or give it "
           "an idempotency key";
}

} // namespace bctrl::rpc
