#include "transport/pool/origin.hpp"

#include "base/wipe.hpp"
#include "transport/http1/exchange.hpp"

#include <array>
#include <utility>

namespace bctrl::pool {

namespace {

/// The largest TLS record, so that one read empties it.
constexpr std::size_t scratch_bytes = 16 * 1024;

std::unique_ptr<net::address_book> addresses_for(scheduler& runs_on, origin_settings const& s) {
    auto const& host = s.proxy ? s.proxy->host : s.host;
    auto const port = s.proxy ? s.proxy->port : s.port;
    return std::make_unique<net::address_book>(
        runs_on, s.names ? s.names : net::system_names(runs_on), host, port, s.addresses);
}

std::unique_ptr<tunnel::http_tunnel> way_through(origin_settings& s) {
    if (!s.proxy) return nullptr;
    return std::make_unique<tunnel::http_tunnel>(std::move(*s.proxy), s.host, s.port);
}

} // namespace

origin::origin(scheduler& runs_on, origin_settings settings)
    : scheduler_{runs_on},
      settings_{std::move(settings)},
      addresses_{addresses_for(runs_on, settings_)},
      through_{way_through(settings_)},
      control_{runs_on, peer(), settings_.control},
      wait_{runs_on, peer(), settings_.wait},
      scratch_(scratch_bytes) {}

// The header lines hold the key.
origin::~origin() {
    wipe(settings_.headers);
}

net::peer origin::peer() const {
    return {settings_.host,   settings_.port, settings_.tls.get(),
            addresses_.get(), through_.get(), settings_.unix_socket};
}

task<exchange_outcome> origin::exchange(wire_request request, lane_kind lane, stop_signal& stop,
                                        activity& told) {
    told.enter(call_phase::queued, scheduler_.now());
    auto leased = co_await at(lane).acquire(stop, told);
    if (!leased) co_return exchange_failure{std::move(leased).error(), exchange_progress::unsent};

    scheduler_.live()->requests.fetch_add(1, std::memory_order_relaxed);
    auto text = http1::request_text(request, settings_.headers);
    auto const to_head = request.method == "HEAD";
    auto done = co_await http1::exchange(leased->held().stream(), std::move(text), to_head,
                                         settings_.limits, scratch_, stop, told);
    if (done.reusable) leased->keep_open();
    co_return std::move(done.answer);
}

std::size_t origin::capacity(lane_kind which) const noexcept {
    return which == lane_kind::wait ? wait_.capacity() : control_.capacity();
}

std::vector<lane_explanation> origin::explain() const {
    return {control_.explain(lane_kind::control), wait_.explain(lane_kind::wait)};
}

void origin::close() noexcept {
    control_.close();
    wait_.close();
}

task<> origin::closed() {
    stop_signal never;
    std::array<pool::lane*, 2> const lanes{&control_, &wait_};
    for (auto* const each : lanes) {
        while (each->connections() > 0) {
            parking emptied{scheduler_, never};
            each->wake_when_empty(emptied);
            co_await emptied;
        }
    }
}

void origin::shut_down() noexcept {
    control_.shut_down();
    wait_.shut_down();
}

} // namespace bctrl::pool
