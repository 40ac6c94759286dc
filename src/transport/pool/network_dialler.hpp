#pragma once

#include "transport/net/connect.hpp"
#include "transport/pool/descriptor_reserve.hpp"
#include "transport/pool/dialler.hpp"

#include <utility>

namespace bctrl::pool {

/// Dials one peer over the network.
class network_dialler : public dialler {
public:
    network_dialler(scheduler& runs_on, net::peer to) : scheduler_{runs_on}, peer_{std::move(to)} {}

    task<outcome<std::unique_ptr<net::stream>, failure>> dial(stop_signal& stop,
                                                              net::dial_progress& told) override;
    std::string_view host() const noexcept override { return peer_.host; }

private:
    scheduler& scheduler_;
    net::peer peer_;
};

/// Dials for a lane that may take nearly all descriptors, but not the last ones: a reserve is kept
/// as long as it has connections.
class modest_dialler final : public network_dialler {
public:
    modest_dialler(scheduler& runs_on, net::peer to, descriptor_reserve& reserve)
        : network_dialler{runs_on, std::move(to)}, reserve_{reserve} {}

    task<outcome<std::unique_ptr<net::stream>, failure>> dial(stop_signal& stop,
                                                              net::dial_progress& told) override;
    void all_gone() noexcept override { reserve_.release(); }

private:
    descriptor_reserve& reserve_;
};

/// Dials for a lane that must not suffer from what others take: it falls back on their reserve.
class preferred_dialler final : public network_dialler {
public:
    preferred_dialler(scheduler& runs_on, net::peer to, descriptor_reserve& reserve)
        : network_dialler{runs_on, std::move(to)}, reserve_{reserve} {}

    task<outcome<std::unique_ptr<net::stream>, failure>> dial(stop_signal& stop,
                                                              net::dial_progress& told) override;

private:
    descriptor_reserve& reserve_;
};

} // namespace bctrl::pool
