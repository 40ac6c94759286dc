#include "transport/pool/http2_connection.hpp"

#include <utility>

namespace bctrl::pool {

void http2_connection::belong_to(connection_owner& owner, std::size_t slot,
                                 steady_time retire_at) noexcept {
    connection::belong_to(owner, slot, retire_at);
    session_.tell(*this);
}

task<carried> http2_connection::carry(wire_request const& request, stop_signal& stop,
                                      activity& told) {
    auto done = co_await session_.exchange(request, terms_.head, stop, told);
    co_return carried{std::move(done.answer), done.abandoned ? place_fate::held : place_fate::free};
}

} // namespace bctrl::pool
