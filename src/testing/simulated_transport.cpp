#include "testing/simulated_transport.hpp"

#include "base/parking.hpp"

#include <string>
#include <utility>

namespace bctrl::testing {

namespace {

/// Counts a request while it is held.
class held_request {
public:
    explicit held_request(server_state& by) noexcept : server_{by} { server_.hold(); }
    held_request(held_request const&) = delete;
    held_request& operator=(held_request const&) = delete;
    ~held_request() { server_.let_go(); }

private:
    server_state& server_;
};

exchange_progress progress_of(reached how_far) noexcept {
    switch (how_far) {
        case reached::nothing_sent:
            return exchange_progress::unsent;
        case reached::request_sent:
            return exchange_progress::sent;
        case reached::answer_begun:
            return exchange_progress::answered;
    }
    return exchange_progress::sent;
}

exchange_outcome outcome_of(reply what) {
    if (what.what == reply::kind::fault)
        return exchange_failure{failure{what.error, std::move(what.message), what.cause},
                                progress_of(what.how_far)};
    wire_response made;
    made.status = what.status;
    made.body = std::move(what.body);
    made.headers.reserve(what.headers.size());
    for (auto& [name, value] : what.headers)
        made.headers.push_back({std::move(name), std::move(value)});
    return made;
}

exchange_failure stopped_early(error_code why, char const* message) {
    return {failure{why, message}, exchange_progress::unsent};
}

} // namespace

std::shared_ptr<std::vector<header_line> const> headers_without_key(std::string_view lines) {
    auto made = std::make_shared<std::vector<header_line>>();
    while (!lines.empty()) {
        auto const line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(line.size() + 2);
        auto const colon = line.find(": ");
        auto const name = line.substr(0, colon);
        if (name != "Authorization") made->emplace_back(name, line.substr(colon + 2));
    }
    return made;
}

simulated_transport::simulated_transport(
    scheduler& runs_on, std::shared_ptr<server_state> server,
    std::shared_ptr<std::vector<header_line> const> client_headers)
    : scheduler_{runs_on}, server_{std::move(server)}, client_headers_{std::move(client_headers)} {}

seen_request simulated_transport::seen(wire_request const& request, lane_kind lane) const {
    seen_request made;
    made.method = request.method;
    made.target = request.target;
    made.body = request.body;
    for (auto const& each : request.headers)
        made.headers.emplace_back(each.name, each.value);
    made.at = server_->since_start(scheduler_.now());
    made.lane = lane;
    made.client_headers = client_headers_;
    return made;
}

task<exchange_outcome> simulated_transport::exchange(wire_request const& request, lane_kind lane,
                                                     stop_signal& stop, activity& told) {
    told.enter(call_phase::queued, scheduler_.now());
    if (closed_) co_return stopped_early(errc::client_closed, "the client is closed");
    if (stop.requested())
        co_return stopped_early(stop_error(stop.reason()),
                                "stopped before a connection was asked for");

    auto const there = server_;
    auto decided = there->ask(seen(request, lane));
    auto const number = there->count();
    held_request const held{*there};
    if (decided.how_far != reached::nothing_sent) {
        scheduler_.live()->requests.fetch_add(1, std::memory_order_relaxed);
        told.enter(call_phase::awaiting, scheduler_.now());
    }

    if (decided.what == reply::kind::silence) {
        parking for_ever{scheduler_, stop};
        co_await for_ever;
    } else {
        sleep_until comes{scheduler_, later(scheduler_.now(), decided.delay), stop};
        if (co_await comes) {
            if (decided.what == reply::kind::answer)
                there->answered(number, decided.status, scheduler_.now());
            else
                there->failed(number, decided, scheduler_.now());
            co_return outcome_of(std::move(decided));
        }
    }
    there->stopped(number, stop.reason(), scheduler_.now());
    co_return exchange_failure{
        failure{stop_error(stop.reason()), "stopped while waiting for the answer"},
        progress_of(decided.how_far)};
}

task<> simulated_transport::closed() {
    next_turn pause{scheduler_};
    co_await pause;
}

} // namespace bctrl::testing
