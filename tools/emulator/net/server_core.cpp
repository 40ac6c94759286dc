#include "emulator/net/server_core.hpp"

#include "emulator/net/connection.hpp"

#include <algorithm>
#include <random>
#include <variant>

namespace bctrl::emulator {
namespace {

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

} // namespace

server_core::server_core(asio::io_context& context, server_options options)
    : all{std::move(options), calendar{now(), std::chrono::system_clock::now()}, random_seed()},
      context_{context},
      timer_{context},
      max_streams_{all.options.max_streams} {
    all.wires = this;
}

std::uint64_t server_core::enter(connection& c) {
    auto const number = ++all.connections_total;
    connections_.emplace(number, &c);
    all.connections_open = connections_.size();
    return number;
}

void server_core::leave(std::uint64_t number) {
    connections_.erase(number);
    all.connections_open = connections_.size();
}

std::vector<connection_info> server_core::connections() const {
    std::vector<connection_info> known;
    for (auto const& [number, c] : connections_)
        known.push_back(c->info());
    return known;
}

std::size_t server_core::inject(connection_fault const& fault, connection_choice const& whom) {
    if (auto const* limit = std::get_if<limit_streams>(&fault); limit != nullptr && !whom.only)
        max_streams_ = limit->at_most;
    std::size_t affected = 0;
    for (auto const& [number, c] : connections_) {
        auto const is_meant = whom.only ? number == *whom.only : number != whom.except;
        if (is_meant) affected += c->suffer(fault, affected);
    }
    return affected;
}

server_core::rest_handle server_core::close_at(time_point when, connection& c) {
    auto const handle = resting_.add(when, &c);
    schedule();
    return handle;
}

std::optional<time_point> server_core::next_due() const {
    auto const of_api = api.next_due();
    auto const of_connections = resting_.next();
    if (!of_api || !of_connections) return of_api ? of_api : of_connections;
    return std::min(*of_api, *of_connections);
}

void server_core::schedule() {
    auto const due = next_due();
    if (closed_ || !due) return;
    // A timer that is set too early only ticks once in vain; resetting it each time costs more.
    if (timer_due_ && *timer_due_ <= *due) return;
    timer_due_ = due;
    timer_.expires_at(*due);
    timer_.async_wait([this](boost::system::error_code const& cancelled) {
        if (!cancelled) tick();
    });
}

void server_core::tick() {
    timer_due_.reset();
    auto const moment = now();
    all.end_released(moment);
    while (auto const tired = resting_.take_due(moment))
        (*tired)->rest_is_over();
    schedule();
}

void server_core::close() {
    closed_ = true;
    timer_.cancel();
    for (auto const& [number, c] : connections_)
        c->close();
}

} // namespace bctrl::emulator
