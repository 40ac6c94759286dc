#include "transport/net/connect.hpp"

#include "transport/net/handshake.hpp"
#include "transport/net/race.hpp"
#include "transport/net/unix_socket.hpp"

#include <optional>
#include <utility>

namespace bctrl::net {

namespace {

using made_stream = outcome<std::unique_ptr<stream>, failure>;

failure unreachable(peer const& to, failure why) {
    if (to.through) why.message = "the proxy cannot be reached: " + why.message;
    return why;
}

/// Whether another address of the host might have done better than one that did accept.
bool blames_address(failure const& why, stop_signal const& stop) {
    return why.code == errc::connection_lost || why.code == errc::tls_failed ||
           why.code == errc::proxy_failed || stop.reason() == stop_reason::timeout;
}

/// From a connection to one that is ready for requests.
task<outcome<void, failure>> make_ready(stream& on, peer const& to, stop_signal& stop,
                                        dial_progress& told) {
    if (to.through) {
        told.phase = dial_phase::tunnelling;
        auto passed = co_await to.through->open(on, stop);
        if (!passed) co_return passed;
    }
    if (!to.tls) co_return outcome<void, failure>{};
    told.phase = dial_phase::handshaking;
    co_return co_await handshake(on, *to.tls, to.host, stop);
}

task<made_stream> connect_locally(scheduler& runs_on, peer const& to, stop_signal& stop,
                                  dial_progress& told) {
    told.phase = dial_phase::connecting;
    auto connected = co_await connect_to_unix_socket(runs_on, to.unix_socket, stop);
    if (!connected) co_return std::move(connected).error();
    auto made = std::make_unique<stream>(runs_on, std::move(*connected));
    auto ready = co_await make_ready(*made, to, stop, told);
    if (!ready) co_return std::move(ready).error();
    co_return std::move(made);
}

task<made_stream> connect_by_address(scheduler& runs_on, peer const& to, address_book& book,
                                     stop_signal& stop, dial_progress& told) {
    told.phase = dial_phase::resolving;
    auto addresses = co_await book.addresses(stop);
    if (!addresses) co_return unreachable(to, std::move(addresses).error());
    told.phase = dial_phase::connecting;
    auto won = co_await race(runs_on, std::move(*addresses), stop);
    if (!won) {
        book.none_reached();
        co_return unreachable(to, std::move(won).error());
    }
    auto made = std::make_unique<stream>(runs_on, std::move(won->made));
    auto ready = co_await make_ready(*made, to, stop, told);
    if (ready) {
        book.reached(won->to);
        co_return std::move(made);
    }
    // A certificate that is wrong on one address is wrong: no other one is asked for that.
    if (blames_address(ready.error(), stop)) book.was_of_no_use(won->to);
    co_return std::move(ready).error();
}

} // namespace

task<made_stream> connect(scheduler& runs_on, peer to, stop_signal& stop, dial_progress& told) {
    if (!to.unix_socket.empty()) co_return co_await connect_locally(runs_on, to, stop, told);
    std::optional<address_book> own;
    if (!to.addresses) own.emplace(runs_on, system_names(runs_on), to.host, to.port);
    auto& book = to.addresses ? *to.addresses : *own;
    co_return co_await connect_by_address(runs_on, to, book, stop, told);
}

} // namespace bctrl::net
