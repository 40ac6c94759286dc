#include "transport/net/connect.hpp"

#include "base/parking.hpp"
#include "transport/net/handshake.hpp"
#include "transport/net/resolve.hpp"

#include <boost/asio/error.hpp>

#include <cerrno>
#include <utility>

namespace bctrl::net {

namespace {

using boost::asio::ip::tcp;

/// A connect under way; outlives the caller that stopped waiting for it by one turn.
struct attempt {
    explicit attempt(strand const& runs_on) : made{runs_on} {}

    socket made;
    parking* caller = nullptr;
    error_code error;
};

std::string text_of(tcp::endpoint const& address) {
    auto const host = address.address().to_string();
    auto const port = std::to_string(address.port());
    return address.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

failure connect_failure(tcp::endpoint const& address, error_code ec) {
    auto const message = "connecting to " + text_of(address) + " failed: " + ec.message();
    if (ec == boost::system::errc::too_many_files_open ||
        ec == boost::system::errc::too_many_files_open_in_system)
        return failure{errc::too_many_descriptors, message, ec};
    return failure{errc::connect_failed, message, ec};
}

error_code open(socket& s, tcp::endpoint const& address) {
    error_code ec;
    s.open(address.protocol(), ec);
    if (!ec) s.non_blocking(true, ec);
    // A request is one write; waiting for more to send would only delay it.
    if (!ec) s.set_option(tcp::no_delay{true}, ec);
    return ec;
}

task<outcome<socket, failure>> connect_to(scheduler& runs_on, tcp::endpoint address,
                                          stop_signal& stop) {
    auto const now = std::make_shared<attempt>(runs_on.executor());
    if (auto const ec = open(now->made, address)) co_return connect_failure(address, ec);

    parking answered{runs_on, stop};
    now->caller = &answered;
    struct close_unless_taken {
        attempt& now;
        ~close_unless_taken() {
            now.caller = nullptr;
            error_code ignored;
            now.made.close(ignored);
        }
    } const guard{*now};
    now->made.async_connect(address, [now](error_code ec) {
        now->error = ec;
        if (now->caller) now->caller->wake();
    });
    if (!co_await answered)
        co_return failure{stop_error(stop.reason()),
                          "stopped while connecting to " + text_of(address)};
    if (now->error) co_return connect_failure(address, now->error);
    co_return std::move(now->made);
}

} // namespace

task<outcome<std::unique_ptr<stream>, failure>> connect(scheduler& runs_on, peer to,
                                                        stop_signal& stop, dial_progress& told) {
    told.phase = dial_phase::resolving;
    auto addresses = co_await resolve(runs_on, to.host, to.port, stop);
    if (!addresses) co_return std::move(addresses).error();

    failure last;
    for (auto const& address : *addresses) {
        told.phase = dial_phase::connecting;
        auto connected = co_await connect_to(runs_on, address, stop);
        if (!connected) {
            last = std::move(connected).error();
            if (stop.requested()) break;
            continue;
        }
        auto made = std::make_unique<stream>(runs_on, std::move(*connected));
        if (!to.tls) co_return std::move(made);
        // A certificate that is wrong on one address is wrong: the next one is not asked.
        told.phase = dial_phase::handshaking;
        auto secured = co_await handshake(*made, *to.tls, to.host, stop);
        if (!secured) co_return std::move(secured).error();
        co_return std::move(made);
    }
    co_return last;
}

} // namespace bctrl::net
