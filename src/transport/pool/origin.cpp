#include "transport/pool/origin.hpp"

#include "base/wipe.hpp"
#include "transport/http1/exchange.hpp"

#include <array>
#include <utility>

namespace bctrl::pool {

namespace {

/// The largest TLS record, so that one read empties it.
constexpr std::size_t scratch_bytes = 16 * 1024;

} // namespace

origin::origin(scheduler& runs_on, origin_settings settings)
    : scheduler_{runs_on},
      settings_{std::move(settings)},
      control_{runs_on, {settings_.host, settings_.port, settings_.tls.get()}, settings_.control},
      wait_{runs_on, {settings_.host, settings_.port, settings_.tls.get()}, settings_.wait},
      scratch_(scratch_bytes) {}

// The header lines hold the key.
origin::~origin() {
    wipe(settings_.headers);
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
