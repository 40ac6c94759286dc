#pragma once

#include "transport/net/connect.hpp"
#include "transport/pool/dialler.hpp"

#include <utility>

namespace bctrl::pool {

/// Dials one peer over the network.
class network_dialler final : public dialler {
public:
    network_dialler(scheduler& runs_on, net::peer to) : scheduler_{runs_on}, peer_{std::move(to)} {}

    task<outcome<std::unique_ptr<net::stream>, failure>> dial(stop_signal& stop,
                                                              net::dial_progress& told) override;
    std::string_view host() const noexcept override { return peer_.host; }

private:
    scheduler& scheduler_;
    net::peer peer_;
};

} // namespace bctrl::pool
