#include "transport/pool/http1_connection.hpp"

#include "transport/http1/exchange.hpp"

#include <algorithm>
#include <utility>

namespace bctrl::pool {

namespace {

/// The server counts from when it sent the answer, and its news of the end takes a while to come.
constexpr milliseconds closing_margin{1'000};

} // namespace

task<carried> http1_connection::carry(wire_request const& request, stop_signal& stop,
                                      activity& told) {
    auto text = http1::request_text(request, terms_.headers);
    auto const to_head = request.method == "HEAD";
    auto done = co_await http1::exchange(*stream_, std::move(text), to_head, terms_.limits,
                                         terms_.scratch, stop, told);
    if (done.reusable) heed(http1::read_keep_alive(*done.answer));
    co_return carried{std::move(done.answer), done.reusable ? place_fate::free : place_fate::lost};
}

void http1_connection::heed(http1::keep_alive_hint const& said) noexcept {
    if (hint_.requests) --*hint_.requests;
    if (said.requests) hint_.requests = said.requests;
    if (said.timeout) hint_.timeout = said.timeout;
}

void http1_connection::begin_use() noexcept {
    connection::begin_use();
    stream_->stop_listening(net::direction::read);
}

void http1_connection::begin_idle(milliseconds wanted) {
    // Closed here before the server closes it.
    if (hint_.timeout)
        wanted = std::min(wanted, *hint_.timeout - std::min(closing_margin, *hint_.timeout / 2));
    connection::begin_idle(wanted);
    stream_->listen(net::direction::read, *this);
}

/// What has come to an idle connection would be taken for the answer to the next request.
bool http1_connection::quiet() noexcept {
    // TLS tickets come while a connection is idle; anything else does not belong there.
    char unexpected = 0;
    return stream_->try_read({&unexpected, 1}).what == net::transfer::status::want_read;
}

void http1_connection::ready() noexcept {
    if (quiet()) {
        stream_->listen(net::direction::read, *this);
        return;
    }
    tell_idle_ended();
}

} // namespace bctrl::pool
