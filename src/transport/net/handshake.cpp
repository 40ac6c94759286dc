#include "transport/net/handshake.hpp"

#include <utility>

namespace bctrl::net {

namespace {

failure handshake_failure(stream const& on, std::string const& host, transfer const& step) {
    auto const whom = "the TLS handshake with \"" + host + "\" failed: ";
    if (auto const fault = on.certificate_fault(); !fault.empty())
        return failure{errc::certificate_rejected,
                       "the certificate of \"" + host + "\" is not accepted: " + fault};
    if (step.what == transfer::status::failed && step.error == errc::tls_failed)
        return failure{errc::tls_failed, whom + last_tls_error()};
    if (step.what == transfer::status::failed)
        return failure{errc::connection_lost, whom + step.error.message(), step.error};
    return failure{errc::connection_lost, whom + "the server closed the connection"};
}

} // namespace

task<outcome<void, failure>> handshake(stream& on, tls_context const& context, std::string host,
                                       stop_signal& stop) {
    auto session = context.open(host);
    if (!session) co_return std::move(session).error();
    if (!on.secure_with(std::move(*session)))
        co_return failure{errc::out_of_memory, "there is no memory for a TLS session"};

    while (!stop.requested()) {
        auto const step = on.try_handshake();
        if (step.what == transfer::status::moved) co_return outcome<void, failure>{};
        if (step.what != transfer::status::want_read && step.what != transfer::status::want_write)
            co_return handshake_failure(on, host, step);
        auto const way =
            step.what == transfer::status::want_read ? direction::read : direction::write;
        readiness ready{on, way, stop};
        co_await ready;
    }
    co_return failure{stop_error(stop.reason()),
                      "stopped during the TLS handshake with \"" + host + "\""};
}

} // namespace bctrl::net
