#pragma once

#include "transport/net/tls_context.hpp"
#include "transport/pool/dial_gate.hpp"
#include "transport/pool/lane.hpp"
#include "transport/pool/network_dialler.hpp"
#include "transport/transport.hpp"
#include "transport/tunnel/http_tunnel.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::pool {

struct origin_settings {
    std::string host;
    unsigned short port = 0;
    std::shared_ptr<net::tls_context> tls; ///< none: plain http
    std::string headers; ///< header lines of every request, each with its line end
    http_choice version = http_choice::http1;
    std::size_t streams_per_connection = 1'000; ///< over HTTP/2, if the server allows so many
    lane_settings control;
    lane_settings wait;
    dial_limits dials{}; ///< of both lanes together
    exchange_limits limits;
    std::optional<tunnel::proxy_settings> proxy{}; ///< stands in front of the host
    std::string unix_socket{};                     ///< a path to connect to instead of the host
    net::address_lifetimes addresses{};
    std::shared_ptr<net::name_source> names{}; ///< none: the system's
};

/// The connections to one server: the transport of a client. A lane for calls that are answered at
/// once, and one for those that are held.
class origin final : public transport {
public:
    origin(scheduler& runs_on, origin_settings settings);
    task<exchange_outcome> exchange(wire_request const& request, lane_kind lane, stop_signal& stop,
                                    activity& told) override;
    std::optional<std::size_t> capacity(lane_kind lane) const noexcept override;
    void tell_of_capacity(capacity_listener* listener) noexcept override {
        streams_.tell(listener);
    }
    std::vector<lane_explanation> explain() const override;
    void close() noexcept override;
    task<> closed() override;
    void shut_down() noexcept override;

private:
    /// A connection for the request; one without a past if it has been sent again too often.
    static task<outcome<lease, failure>> lease_for(lane& from, unsigned replays, stop_signal& stop,
                                                   activity& told);

    /// One attempt to have a request carried.
    struct attempt {
        steady_time begun;
        std::optional<steady_time> idle_since; ///< of its connection; none: opened for it
    };
    bool goes_out_again(lane& from, lease& used, attempt const& made, carried const& done,
                        bool replayable, unsigned replays);

    lane& at(lane_kind which) noexcept { return which == lane_kind::wait ? wait_ : control_; }
    net::peer peer() const;
    speech says() noexcept { return {terms_, settings_.version, settings_.streams_per_connection}; }

    scheduler& scheduler_;
    origin_settings settings_;
    connection_terms terms_;
    stream_memory streams_;
    std::unique_ptr<net::address_book> addresses_; ///< of the host, or of the proxy
    std::unique_ptr<tunnel::http_tunnel> through_;
    descriptor_reserve reserve_;
    preferred_dialler control_dialler_;
    modest_dialler wait_dialler_;
    dial_gate gate_;
    lane control_;
    lane wait_;
};

} // namespace bctrl::pool
