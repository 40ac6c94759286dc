#pragma once

#include <bctrl/testing/reply.hpp>

#include "base/scheduler.hpp"
#include "testing/server_state.hpp"
#include "transport/transport.hpp"

#include <limits>
#include <memory>
#include <string_view>
#include <vector>

namespace bctrl::testing {

/// The header lines of every request of a client, without the one that holds the key.
std::shared_ptr<std::vector<header_line> const> headers_without_key(std::string_view lines);

/// A transport without a network: asks a `server_state` what becomes of each exchange. Nothing is
/// answered within the call itself.
class simulated_transport : public transport {
public:
    simulated_transport(scheduler& runs_on, std::shared_ptr<server_state> server,
                        std::shared_ptr<std::vector<header_line> const> client_headers = nullptr);

    task<exchange_outcome> exchange(wire_request const& request, lane_kind lane, stop_signal& stop,
                                    activity& told) override;

    void tell_of_capacity(capacity_listener*) noexcept override {}
    /// There are no lanes: every exchange is on its own.
    std::optional<std::size_t> capacity(lane_kind) const noexcept override {
        return std::numeric_limits<std::size_t>::max();
    }
    std::vector<lane_explanation> explain() const override { return {}; }
    void close() noexcept override { closed_ = true; }
    task<> closed() override;
    void shut_down() noexcept override {}

    bool was_closed() const noexcept { return closed_; }

protected:
    server_state& server() const noexcept { return *server_; }

private:
    seen_request seen(wire_request const& request, lane_kind lane) const;

    scheduler& scheduler_;
    std::shared_ptr<server_state> server_;
    std::shared_ptr<std::vector<header_line> const> client_headers_;
    bool closed_ = false;
};

} // namespace bctrl::testing
