#pragma once

#include "transport/http1/keep_alive.hpp"
#include "transport/net/stream.hpp"
#include "transport/pool/connection.hpp"
#include "transport/pool/connection_terms.hpp"

#include <memory>

namespace bctrl::pool {

/// A connection that speaks HTTP/1.1: one exchange after the other, kept as long as the server
/// keeps it.
class http1_connection final : public connection, private net::readiness_listener {
public:
    /// @param terms live at least as long
    http1_connection(std::unique_ptr<net::stream> open, connection_terms& terms) noexcept
        : connection{open->runs_on()}, stream_{std::move(open)}, terms_{terms} {}

    task<carried> carry(wire_request const& request, stop_signal& stop, activity& told) override;
    std::size_t capacity() const noexcept override { return 1; }
    bool usable() noexcept override { return !is_idle() || quiet(); }
    bool used_up() const noexcept override {
        return hint_.requests == 0U || hint_.timeout == milliseconds{0};
    }
    void begin_use() noexcept override;
    /// Ends sooner if the server would close it before.
    void begin_idle(milliseconds wanted) override;

    /// How long it may be idle, as the server says it, and how many more requests it may carry.
    /// What the server does not say again goes on to hold.
    void heed(http1::keep_alive_hint const& said) noexcept;

private:
    bool quiet() noexcept;
    void ready() noexcept override;

    std::unique_ptr<net::stream> stream_;
    connection_terms& terms_;
    http1::keep_alive_hint hint_;
};

} // namespace bctrl::pool
