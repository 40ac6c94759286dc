#include "transport/pool/http2_connection.hpp"

namespace bctrl::pool {

void http2_connection::belong_to(connection_owner& owner, std::size_t slot,
                                 steady_time retire_at) noexcept {
    connection::belong_to(owner, slot, retire_at);
    session_.tell(*this);
}

task<carried> http2_connection::carry(wire_request const& request, stop_signal& stop,
                                      activity& told) {
    return session_.exchange(request, terms_.head, stop, told);
}

} // namespace bctrl::pool
