#include "transport/http1/exchange.hpp"

#include "base/wipe.hpp"
#include "transport/content_encoding.hpp"
#include "transport/http1/response_reader.hpp"
#include "transport/net/loss.hpp"
#include "transport/stopped_exchange.hpp"

#include <utility>

namespace bctrl::http1 {

namespace {

using net::direction;
using net::readiness;
using net::transfer;
using status = net::transfer::status;

/// What a read that would wait is to wait for; with a write that waits as well, for either.
readiness ready_after(transfer const& read, net::stream& on, bool write_waits, stop_signal& stop) {
    if (write_waits) return readiness{on, stop};
    auto const way = read.what == status::want_write ? direction::write : direction::read;
    return readiness{on, way, stop};
}

call_phase phase_of(bool sending, bool reading) noexcept {
    if (reading) return call_phase::reading;
    return sending ? call_phase::sending : call_phase::awaiting;
}

/// In front of a suspension; nobody asks in between.
void tell(activity& told, call_phase phase, net::stream const& on) noexcept {
    if (told.phase() != phase) told.enter(phase, on.runs_on().now());
}

exchanged failed(failure why, exchange_progress progress) {
    return {exchange_failure{std::move(why), progress}, false};
}

/// Lets the reader see what came; true when the answer is complete.
outcome<bool, failure> digest(response_reader& reader, transfer const& step,
                              std::span<char const> scratch) {
    switch (step.what) {
        case status::moved:
            return reader.feed({scratch.data(), step.bytes});
        case status::ended:
            return reader.finish(true);
        case status::truncated:
            return reader.finish(false);
        default:
            return net::loss_of_connection(step);
    }
}

std::size_t size_of(std::vector<header_field> const& fields) noexcept {
    constexpr std::size_t around = 4; // ": " and the end of the line
    std::size_t size = 0;
    for (auto const& each : fields)
        size += each.name.size() + each.value.size() + around;
    return size;
}

} // namespace

std::string request_text(wire_request const& request, std::string_view origin_headers) {
    constexpr std::string_view content = "Content-Type: application/json\r\nContent-Length: ";
    std::string text;
    // In one piece: memory given back while it grows would keep the key.
    text.reserve(size_of(request.headers) + request.method.size() + request.target.size() +
                 origin_headers.size() + content.size() + request.body.size() + 64);
    text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    text.append(origin_headers);
    for (auto const& each : request.headers)
        text.append(each.name).append(": ").append(each.value).append("\r\n");
    auto const bodiless = request.method == "GET" || request.method == "HEAD";
    if (!request.body.empty())
        text.append(content).append(std::to_string(request.body.size())).append("\r\n");
    else if (!bodiless)
        text.append("Content-Length: 0\r\n");
    text.append("\r\n").append(request.body);
    return text;
}

task<exchanged> exchange(net::stream& on, std::string text, bool to_head, exchange_limits limits,
                         std::span<char> scratch, stop_signal& stop, activity& told) {
    wipe_at_end const wiped{text};
    auto const size = text.size();
    std::size_t written = 0;
    bool peer_gone = false;
    bool write_waits = false;
    auto progress = exchange_progress::unsent;
    response_reader reader{limits, to_head};
    while (!stop.requested()) {
        if (written < size && !peer_gone) {
            auto const step = on.try_write(std::string_view{text}.substr(written));
            written += step.bytes;
            if (written > 0) progress = exchange_progress::sent;
            // A parked exchange keeps no copy of what it sent.
            if (written == size) wipe(text);
            if (step.what == status::moved) continue;
            peer_gone = !step.waits();
            write_waits = step.what == status::want_write;
        }
        // A server may refuse a request before it has read it all, and read no further: its answer
        // is worth reading even then.
        auto const step = on.try_read(scratch);
        if (step.waits() && peer_gone)
            co_return failed(
                failure{errc::connection_lost, "the connection was lost while sending the request"},
                progress);
        if (step.waits()) {
            tell(told, phase_of(written < size, reader.begun()), on);
            auto ready = ready_after(step, on, write_waits && written < size, stop);
            co_await ready;
            continue;
        }
        auto done = digest(reader, step, scratch);
        if (reader.begun()) progress = exchange_progress::answered;
        if (!done) co_return failed(std::move(done).error(), progress);
        if (!*done) continue;
        auto const reusable = reader.leaves_connection_reusable() && written == size;
        auto answer = reader.take();
        if (auto decoded = decode_body(answer, limits.body_bytes); !decoded)
            co_return failed(std::move(decoded).error(), progress);
        co_return exchanged{std::move(answer), reusable};
    }
    co_return failed(stopped_exchange(stop, phase_of(written < size, reader.begun())), progress);
}

} // namespace bctrl::http1
