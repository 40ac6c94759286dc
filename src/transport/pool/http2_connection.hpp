#pragma once

#include "transport/http2/session.hpp"
#include "transport/pool/connection.hpp"
#include "transport/pool/connection_terms.hpp"

#include <algorithm>
#include <memory>

namespace bctrl::pool {

/// A connection that speaks HTTP/2: many exchanges at a time.
class http2_connection final : public connection, private http2::session_listener {
public:
    /// @param terms        live at least as long
    /// @param most_streams at a time, however many more the server allows
    http2_connection(std::unique_ptr<net::stream> open, connection_terms& terms,
                     std::size_t most_streams)
        : connection{open->runs_on()},
          terms_{terms},
          most_streams_{most_streams},
          session_{std::move(open), terms.limits, terms.scratch} {}

    /// Waits until the server has told how many streams it allows.
    task<outcome<void, failure>> settle(stop_signal& stop) { return session_.settle(stop); }

    void belong_to(connection_owner& owner, std::size_t slot,
                   steady_time retire_at) noexcept override;
    task<carried> carry(wire_request const& request, stop_signal& stop, activity& told) override;
    std::size_t capacity() const noexcept override {
        return std::min(most_streams_, session_.streams_allowed());
    }
    bool takes_more() const noexcept override { return session_.takes_more(); }
    std::size_t take_given_back() noexcept override { return session_.take_closed(); }
    bool usable() noexcept override { return session_.takes_more(); }

private:
    void session_changed() noexcept override { tell_changed(); }

    connection_terms& terms_;
    std::size_t most_streams_;
    http2::session session_;
};

} // namespace bctrl::pool
