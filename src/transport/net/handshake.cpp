#include "transport/net/handshake.hpp"

#include "transport/net/certificate_check.hpp"
#include "transport/net/tls_error.hpp"

#include <utility>

namespace bctrl::net {

namespace {

bool has_nothing_to_show(SSL const* session) {
    // OpenSSL keeps the list, empty or not, once a server has asked.
    return SSL_get0_peer_CA_list(session) && !SSL_get_certificate(session);
}

failure handshake_failure(SSL const* session, std::string const& fault, std::string const& host,
                          transfer const& step) {
    auto const whom = "the TLS handshake with \"" + host + "\" failed: ";
    if (!fault.empty())
        return failure{errc::certificate_rejected,
                       "the certificate of \"" + host + "\" is not accepted: " + fault};
    if (step.what != transfer::status::failed)
        return failure{errc::connection_lost, whom + "the server closed the connection"};
    if (step.error.category() == tls_category())
        return tls_failure(whom, step.error, has_nothing_to_show(session));
    return failure{errc::connection_lost, whom + step.error.message(), step.error};
}

outcome<void, failure> check_protocol(stream const& on, tls_context const& context,
                                      std::string const& host) {
    auto const agreed = on.negotiated_protocol();
    if (context.may_agree_to(agreed)) return {};
    return failure{errc::tls_failed, "\"" + host +
                                         "\" chose a protocol by ALPN that was not offered, of " +
                                         std::to_string(agreed.size()) + " bytes"};
}

void count(stream const& on) noexcept {
    auto& live = *on.runs_on().live();
    live.handshakes.fetch_add(1, std::memory_order_relaxed);
    if (on.resumed()) live.handshakes_resumed.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

task<outcome<void, failure>> handshake(stream& on, tls_context const& context, std::string host,
                                       stop_signal& stop) {
    auto opened = context.open(host);
    if (!opened) co_return std::move(opened).error();
    auto* const session = opened->session.get();
    auto const offered = opened->offered;
    if (!on.secure_with(std::move(opened->session)))
        co_return failure{errc::out_of_memory, "there is no memory for a TLS session"};

    certificate_check const check{session, host};
    while (!stop.requested()) {
        auto const step = on.try_handshake();
        if (step.waits()) {
            auto const way =
                step.what == transfer::status::want_read ? direction::read : direction::write;
            readiness ready{on, way, stop};
            co_await ready;
            continue;
        }
        if (offered != 0 && !on.resumed()) context.resumption_refused(session, offered);
        if (step.what != transfer::status::moved)
            co_return handshake_failure(session, check.fault(), host, step);
        count(on);
        co_return check_protocol(on, context, host);
    }
    co_return failure{stop_error(stop.reason()),
                      "stopped during the TLS handshake with \"" + host + "\""};
}

} // namespace bctrl::net
