#include "transport/pool/origin.hpp"

#include "transport/pool/replay.hpp"

#include <array>
#include <utility>

namespace bctrl::pool {

namespace {

/// What is known of connections before the first is opened.
stream_memory known_before(origin_settings const& s) {
    return s.version == http_choice::http1 ? stream_memory{1} : stream_memory{};
}

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

/// Kept connections that are closed for a request that wants a new one, before it takes what it is
/// offered.
constexpr int most_refusals = 8;

} // namespace

origin::origin(scheduler& runs_on, origin_settings settings)
    : scheduler_{runs_on},
      settings_{std::move(settings)},
      terms_{std::move(settings_.headers), settings_.tls != nullptr, settings_.limits},
      streams_{known_before(settings_)},
      addresses_{addresses_for(runs_on, settings_)},
      through_{way_through(settings_)},
      control_dialler_{runs_on, peer(), says(), reserve_},
      wait_dialler_{runs_on, peer(), says(), reserve_},
      gate_{runs_on, settings_.dials},
      control_{runs_on, lane_kind::control, control_dialler_, gate_, streams_, settings_.control},
      wait_{runs_on, lane_kind::wait, wait_dialler_, gate_, streams_, settings_.wait} {}

net::peer origin::peer() const {
    return {settings_.host,   settings_.port, settings_.tls.get(),
            addresses_.get(), through_.get(), settings_.unix_socket};
}

task<outcome<lease, failure>> origin::lease_for(pool::lane& from, unsigned replays,
                                                stop_signal& stop, activity& told) {
    for (int refused = 0;; ++refused) {
        auto offered = co_await from.acquire(stop, told);
        // A lease that is not returned closes its connection, which makes room for a new one.
        if (!offered || replays <= replays_on_any || refused == most_refusals ||
            !offered->held().idle_since() || offered->held().capacity() > 1)
            co_return offered;
    }
}

task<exchange_outcome> origin::exchange(wire_request const& request, lane_kind lane,
                                        stop_signal& stop, activity& told) {
    auto& from = at(lane);
    for (unsigned replays = 0;;) {
        told.enter(call_phase::queued, scheduler_.now());
        auto leased = co_await lease_for(from, replays, stop, told);
        if (!leased)
            co_return exchange_failure{std::move(leased).error(), exchange_progress::unsent};

        scheduler_.live()->requests.fetch_add(1, std::memory_order_relaxed);
        attempt const made{scheduler_.now(), leased->held().idle_since()};
        auto done = co_await leased->held().carry(request, stop, told);
        if (done.place == place_fate::free) leased->keep_open();
        if (done.place == place_fate::held) leased->leave_held();
        if (done.answer || replays == most_replays) co_return std::move(done.answer);
        if (!goes_out_again(from, *leased, made, done, request.replayable, replays))
            co_return std::move(done.answer);
        // A server that takes a few requests a connection gets on with them, however often it says
        // goodbye to the others.
        if (!done.crowded_out) ++replays;
    }
}

bool origin::goes_out_again(lane& from, lease& used, attempt const& made, carried const& done,
                            bool replayable, unsigned replays) {
    auto const took = std::chrono::floor<milliseconds>(scheduler_.now() - made.begun);
    lost_exchange const lost{done.answer.error(), made.idle_since.has_value(),
                             done.place != place_fate::lost, took};
    if (!may_go_out_again(lost, replayable)) return false;
    // A server that goes on to refuse is asked again at a pace, by those above.
    if (lost.refused && replays > 0 && used.held().takes_more()) return false;
    scheduler_.live()->replays.fetch_add(1, std::memory_order_relaxed);
    if (made.idle_since && !lost.refused) from.distrust(*made.idle_since);
    return true;
}

std::optional<std::size_t> origin::capacity(lane_kind which) const noexcept {
    return which == lane_kind::wait ? wait_.capacity() : control_.capacity();
}

std::vector<lane_explanation> origin::explain() const {
    return {control_.explain(), wait_.explain()};
}

void origin::close() noexcept {
    control_.close();
    wait_.close();
    addresses_->forget_look_up();
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
    reserve_.release();
}

} // namespace bctrl::pool
