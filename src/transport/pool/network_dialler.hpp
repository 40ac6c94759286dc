#pragma once

#include "transport/net/connect.hpp"
#include "transport/pool/connection_terms.hpp"
#include "transport/pool/descriptor_reserve.hpp"
#include "transport/pool/dialler.hpp"

#include <utility>

namespace bctrl::pool {

/// Which version of HTTP is spoken.
enum class http_choice : unsigned char {
    http1,
    http2,     ///< over TLS agreed on by ALPN, else with prior knowledge
    negotiate, ///< HTTP/2 if the server agrees to it by ALPN, else HTTP/1.1
};

/// What is spoken on the connections that are opened.
struct speech {
    connection_terms& terms; ///< live at least as long as the connections
    http_choice version = http_choice::http1;
    std::size_t most_streams = 1'000; ///< of one HTTP/2 connection at a time
};

/// Dials one peer over the network.
class network_dialler : public dialler {
public:
    network_dialler(scheduler& runs_on, net::peer to, speech says)
        : scheduler_{runs_on}, peer_{std::move(to)}, speech_{says} {}

    task<outcome<std::unique_ptr<connection>, failure>> dial(stop_signal& stop,
                                                             net::dial_progress& told) override;
    std::string_view host() const noexcept override { return peer_.host; }

private:
    outcome<bool, failure> speaks_http2(net::stream const& made) const;
    task<outcome<std::unique_ptr<connection>, failure>> begin_http2(
        std::unique_ptr<net::stream> made, stop_signal& stop);

    scheduler& scheduler_;
    net::peer peer_;
    speech speech_;
};

/// Dials for a lane that may take nearly all descriptors, but not the last ones: a reserve is kept
/// as long as it has connections.
class modest_dialler final : public network_dialler {
public:
    modest_dialler(scheduler& runs_on, net::peer to, speech says, descriptor_reserve& reserve)
        : network_dialler{runs_on, std::move(to), says}, reserve_{reserve} {}

    task<outcome<std::unique_ptr<connection>, failure>> dial(stop_signal& stop,
                                                             net::dial_progress& told) override;
    void all_gone() noexcept override { reserve_.release(); }

private:
    descriptor_reserve& reserve_;
};

/// Dials for a lane that must not suffer from what others take: it falls back on their reserve.
class preferred_dialler final : public network_dialler {
public:
    preferred_dialler(scheduler& runs_on, net::peer to, speech says, descriptor_reserve& reserve)
        : network_dialler{runs_on, std::move(to), says}, reserve_{reserve} {}

    task<outcome<std::unique_ptr<connection>, failure>> dial(stop_signal& stop,
                                                             net::dial_progress& told) override;

private:
    descriptor_reserve& reserve_;
};

} // namespace bctrl::pool
