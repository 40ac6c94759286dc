#pragma once

#include "base/parking.hpp"
#include "transport/transport.hpp"

#include <deque>
#include <functional>
#include <optional>
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

/// A request as it was asked for.
struct seen_request {
    wire_request what;
    lane_kind lane;
    steady_time at;
};

/// A transport without a network. Plays the script, one step for each exchange; behind its end
/// every exchange is held until it is stopped. Nothing is answered within the call itself.
class scripted_transport final : public transport {
public:
    explicit scripted_transport(scheduler& runs_on) : scheduler_{runs_on} {}

    void then(exchange_outcome what, milliseconds after = milliseconds{0}) {
        script_.push_back({std::move(what), after});
    }

    /// Drops what the script still holds.
    void forget_the_rest() noexcept { script_.clear(); }

    /// Answers what the script does not.
    void otherwise(std::function<scripted_answer(wire_request const&)> reply) {
        otherwise_ = std::move(reply);
    }

    std::vector<seen_request> const& requests() const noexcept { return requests_; }
    /// Exchanges under way.
    int open() const noexcept { return open_; }
    bool was_closed() const noexcept { return closed_; }

    task<exchange_outcome> exchange(wire_request request, lane_kind lane, stop_signal& stop,
                                    activity& told) override {
        told.enter(call_phase::awaiting, scheduler_.now());
        struct under_way {
            int& count;
            explicit under_way(int& of) : count{of} { ++count; }
            ~under_way() { --count; }
        } const guard{open_};
        requests_.push_back({request, lane, scheduler_.now()});
        if (auto step = next_step(request)) {
            sleep_until held{scheduler_, later(scheduler_.now(), step->after), stop};
            if (co_await held) co_return std::move(step->what);
        } else {
            parking held{scheduler_, stop};
            co_await held;
        }
        co_return exchange_failure{failure{stop_error(stop.reason()), "stopped by the caller"},
                                   exchange_progress::sent};
    }

    std::vector<lane_explanation> explain() const override { return {}; }
    void close() noexcept override { closed_ = true; }
    task<> closed() override {
        next_turn pause{scheduler_};
        co_await pause;
    }
    void shut_down() noexcept override {}

private:
    std::optional<scripted_answer> next_step(wire_request const& request) {
        if (script_.empty()) {
            if (!otherwise_) return std::nullopt;
            return otherwise_(request);
        }
        auto step = std::move(script_.front());
        script_.pop_front();
        return step;
    }

    scheduler& scheduler_;
    std::deque<scripted_answer> script_;
    std::function<scripted_answer(wire_request const&)> otherwise_;
    std::vector<seen_request> requests_;
    int open_ = 0;
    bool closed_ = false;
};

} // namespace bctrl::testing
