#pragma once

#include "api/client_access.hpp"
#include "api/client_core.hpp"
#include "base/parking.hpp"

#include <bctrl/client.hpp>
#include <bctrl/testing/config_of_nowhere.hpp>

#include <boost/asio/io_context.hpp>

#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bctrl::bench {

inline constexpr std::string_view ended_state =
    R"({"id":"op_1","status":"succeeded","workspaceId":"w","runtime":"main","runtimeId":"r",)"
    R"("runtimeKind":"browser","createdAt":"2026-04-02T09:15:00.112Z"})";

/// Answers every request at once, and always the same.
class instant_transport final : public transport {
public:
    explicit instant_transport(scheduler& runs_on) noexcept : scheduler_{runs_on} {}

    task<exchange_outcome> exchange(wire_request const& request, lane_kind, stop_signal&,
                                    activity& told) override {
        told.enter(call_phase::awaiting, scheduler_.now());
        wire_response answer;
        answer.status = 200;
        if (request.method == "POST")
            answer.body.append(R"({"timedOutWaiting":false,"operation":)")
                .append(ended_state)
                .append("}");
        else
            answer.body = ended_state;
        co_return answer;
    }
    std::optional<std::size_t> capacity(lane_kind) const noexcept override {
        return std::numeric_limits<std::size_t>::max();
    }
    void tell_of_capacity(capacity_listener*) noexcept override {}
    std::vector<lane_explanation> explain() const override { return {}; }
    void close() noexcept override {}
    task<> closed() override { co_return; }
    void shut_down() noexcept override {}

private:
    scheduler& scheduler_;
};

/// A client whose calls are answered at once.
class instant_client {
public:
    void get() {
        client_.operations().get("op_1", [this](error_code code, operation) { end(code); });
        run();
    }
    client& api() noexcept { return client_; }
    /// Runs until `done()`.
    template <class Done>
    void run_until(Done done) {
        context_.restart();
        while (!done())
            context_.run_one();
    }
    /// Runs everything that is due.
    void settle() {
        context_.restart();
        context_.poll();
    }
    void wait(std::optional<std::chrono::milliseconds> within) {
        wait_options options;
        options.within = within;
        client_.operations().wait("op_1", options,
                                  [this](error_code code, operation_wait_result) { end(code); });
        run();
    }

private:
    void end(error_code code) {
        if (code) throw std::runtime_error{code.message()};
        ended_ = true;
    }
    void run() {
        ended_ = false;
        run_until([this] { return ended_; });
    }

    boost::asio::io_context context_{1};
    client client_ = detail::client_access::make(detail::client_core::make(
        context_.get_executor(), configure(testing::config_of_nowhere()),
        {real_clock(), seeded_randomness(1),
         [](scheduler& on) { return std::make_unique<instant_transport>(on); }}));
    bool ended_ = false;
};

} // namespace bctrl::bench
