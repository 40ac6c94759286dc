#include "transport/pool/network_dialler.hpp"

#include "transport/pool/http1_connection.hpp"
#include "transport/pool/http2_connection.hpp"

namespace bctrl::pool {

namespace {

using dialled = outcome<std::unique_ptr<connection>, failure>;

/// The system's look-up needs descriptors too, and does not tell that it had none.
failure with_true_cause(failure why) {
    if (why.code == errc::resolve_failed && descriptor_reserve::none_left())
        why.code = errc::too_many_descriptors;
    return why;
}

} // namespace

task<dialled> network_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    auto made = co_await net::connect(scheduler_, peer_, stop, told);
    if (!made) co_return with_true_cause(std::move(made).error());
    auto const http2 = speaks_http2(**made);
    if (!http2) co_return http2.error();
    if (!*http2) {
        std::unique_ptr<connection> plain =
            std::make_unique<http1_connection>(std::move(*made), speech_.terms);
        co_return plain;
    }
    auto begun = co_await begin_http2(std::move(*made), stop);
    co_return begun;
}

outcome<bool, failure> network_dialler::speaks_http2(net::stream const& made) const {
    if (speech_.version == http_choice::http1) return false;
    if (!peer_.tls) return speech_.version == http_choice::http2;
    if (made.negotiated_protocol() == "h2") return true;
    if (speech_.version == http_choice::negotiate) return false;
    return failure{errc::tls_failed, "\"" + peer_.host + "\" does not speak HTTP/2"};
}

task<dialled> network_dialler::begin_http2(std::unique_ptr<net::stream> made, stop_signal& stop) {
    auto opened =
        std::make_unique<http2_connection>(std::move(made), speech_.terms, speech_.most_streams);
    auto settled = co_await opened->settle(stop);
    if (!settled) co_return std::move(settled).error();
    std::unique_ptr<connection> ready = std::move(opened);
    co_return ready;
}

task<dialled> modest_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    if (!stop.requested() && !reserve_.refill())
        co_return failure{errc::too_many_descriptors,
                          "there is no descriptor left but those kept in reserve"};
    auto made = co_await network_dialler::dial(stop, told);
    co_return std::move(made);
}

task<dialled> preferred_dialler::dial(stop_signal& stop, net::dial_progress& told) {
    auto made = co_await network_dialler::dial(stop, told);
    auto const again =
        !made && made.error().code == errc::too_many_descriptors && reserve_.release();
    if (!again) co_return std::move(made);
    auto made_then = co_await network_dialler::dial(stop, told);
    co_return std::move(made_then);
}

} // namespace bctrl::pool
