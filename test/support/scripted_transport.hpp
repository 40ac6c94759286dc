#pragma once

#include "testing/manual_clock.hpp"
#include "testing/server_state.hpp"
#include "testing/simulated_transport.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::testing {

/// One step of a script: what comes back, and after how long.
struct scripted_answer {
    exchange_outcome what;
    milliseconds after{0};
};

/// An answer with a JSON body.
inline exchange_outcome answer(int status, std::string body,
                               std::vector<header_field> headers = {}) {
    headers.push_back({"Content-Type", "application/json"});
    wire_response made;
    made.status = status;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

/// No answer.
inline exchange_outcome fault(errc what, exchange_progress progress,
                              std::string message = "as scripted") {
    return exchange_failure{failure{what, std::move(message)}, progress};
}

/// The reply of a simulation that gives this outcome.
inline reply reply_with(exchange_outcome what) {
    reply made;
    if (what) {
        made.what = reply::kind::answer;
        made.status = what->status;
        made.body = std::move(what->body);
        for (auto& each : what->headers)
            made.headers.emplace_back(std::move(each.name), std::move(each.value));
        return made;
    }
    auto const progress = what.error().progress;
    made.what = reply::kind::fault;
    made.error = what.error().why.code;
    made.cause = what.error().why.cause;
    made.message = std::move(what.error().why.message);
    made.how_far = progress == exchange_progress::unsent ? reached::nothing_sent
                   : progress == exchange_progress::sent ? reached::request_sent
                                                         : reached::answer_begun;
    return made;
}

/// A request as the inside of a client asked for it.
struct asked_request {
    wire_request what;
    lane_kind lane;
    steady_time at;
};

/// The transport of a simulation, scripted with what the inside of a client sees of it: an outcome
/// for each exchange; behind the end of the script every exchange is held until it is stopped.
class scripted_transport final : public simulated_transport {
public:
    explicit scripted_transport(scheduler& runs_on)
        : simulated_transport{runs_on, std::make_shared<server_state>(runs_on.now())},
          scheduler_{runs_on} {
        server().keep_requests(0);
        server().log().keep(0);
    }

    void then(exchange_outcome what, milliseconds after = milliseconds{0}) {
        server().general().once.push_back(reply_with(std::move(what)).after(after));
    }

    /// Drops what the script still holds.
    void forget_the_rest() noexcept { server().general().once.clear(); }

    /// Answers what the script does not.
    void otherwise(std::function<scripted_answer(wire_request const&)> decide) {
        server().general().answer_with([this, decide = std::move(decide)](seen_request const&) {
            auto decided = decide(requests_.back().what);
            return reply_with(std::move(decided.what)).after(decided.after);
        });
    }

    std::vector<asked_request> const& requests() const noexcept { return requests_; }
    /// Exchanges under way.
    int open() const noexcept { return static_cast<int>(server().in_flight()); }

    task<exchange_outcome> exchange(wire_request const& request, lane_kind lane, stop_signal& stop,
                                    activity& told) override {
        requests_.push_back({request, lane, scheduler_.now()});
        return simulated_transport::exchange(request, lane, stop, told);
    }

private:
    scheduler& scheduler_;
    std::vector<asked_request> requests_;
};

} // namespace bctrl::testing
