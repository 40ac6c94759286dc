#include "transport/pool/http2_connection.hpp"

#include <utility>

namespace bctrl::pool {

namespace {

place_fate fate_of_place(http2::stream_fate of_stream) noexcept {
    switch (of_stream) {
        case http2::stream_fate::abandoned:
            return place_fate::held;
        case http2::stream_fate::lost:
            return place_fate::lost;
        case http2::stream_fate::closed:
            break;
    }
    return place_fate::free;
}

} // namespace

void http2_connection::belong_to(connection_owner& owner, std::size_t slot,
                                 steady_time retire_at) noexcept {
    connection::belong_to(owner, slot, retire_at);
    session_.tell(*this);
}

task<carried> http2_connection::carry(wire_request const& request, stop_signal& stop,
                                      activity& told) {
    auto done = co_await session_.exchange(request, terms_.head, stop, told);
    co_return carried{std::move(done.answer), fate_of_place(done.stream), done.crowded_out};
}

} // namespace bctrl::pool
