#pragma once

#include "base/parking.hpp"
#include "support/core_bench.hpp"
#include "transport/transport.hpp"

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace bctrl::testing {

/// A transport without connections: there is nothing to explain or to close.
class lane_less_transport : public transport {
public:
    explicit lane_less_transport(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    void tell_of_capacity(capacity_listener*) noexcept override {}
    std::optional<std::size_t> capacity(lane_kind) const noexcept override {
        return std::numeric_limits<std::size_t>::max();
    }
    std::vector<lane_explanation> explain() const override { return {}; }
    void close() noexcept override {}
    task<> closed() override {
        next_turn pause{scheduler_};
        co_await pause;
    }
    void shut_down() noexcept override {}

protected:
    scheduler& scheduler_;
};

/// A service in place of a network, for very many requests: it keeps nothing but what it was told to
/// count. What it does to a request is decided when that begins, and may be decided again meanwhile.
class simulated_service final : public lane_less_transport {
public:
    /// What becomes of a request.
    struct fate {
        steady_time at; ///< when
        /// Asked then. Nothing: the request is held on, by a new fate.
        std::function<std::optional<exchange_outcome>()> what;
    };
    /// @param begun when the request came
    using behaviour = std::function<fate(wire_request const& request, steady_time begun)>;

    simulated_service(scheduler& runs_on, behaviour does)
        : lane_less_transport{runs_on}, does_{std::move(does)} {}

    int open() const noexcept { return open_; }

    task<exchange_outcome> exchange(wire_request const& request, lane_kind, stop_signal& stop,
                                    activity& told) override {
        struct under_way {
            int& count;
            explicit under_way(int& of) : count{of} { ++count; }
            ~under_way() { --count; }
        } const guard{open_};
        told.enter(call_phase::awaiting, scheduler_.now());
        auto const begun = scheduler_.now();
        while (true) {
            auto const next = does_(request, begun);
            sleep_until held{scheduler_, next.at, stop};
            if (!co_await held) break;
            auto now = next.what();
            if (now) co_return std::move(*now);
        }
        co_return exchange_failure{failure{stop_error(stop.reason()), "stopped by the caller"},
                                   exchange_progress::sent};
    }

private:
    behaviour does_;
    int open_ = 0;
};

/// The inside of a client over a simulated service and manual time.
class simulated_bench : public manual_context {
public:
    simulated_bench(client_config const& config, std::uint64_t seed,
                    simulated_service::behaviour does) {
        auto carrier = [this, does = std::move(does)](scheduler& runs_on) {
            auto made = std::make_unique<simulated_service>(runs_on, does);
            service_ = made.get();
            return made;
        };
        core_ = detail::client_core::make(context().get_executor(), configure(config),
                                          {shared_time(), seeded_randomness(seed), carrier});
    }

    detail::client_core& core() noexcept { return *core_; }
    simulated_service& service() noexcept { return *service_; }
    steady_time now() { return time().now(); }

private:
    std::shared_ptr<detail::client_core> core_;
    simulated_service* service_ = nullptr;
};

} // namespace bctrl::testing
