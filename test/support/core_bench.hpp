#pragma once

#include <bctrl/testing/config_of_nowhere.hpp>

#include "api/client_core.hpp"
#include "support/scripted_transport.hpp"
#include "support/strand_bench.hpp"

#include <list>
#include <memory>
#include <utility>

namespace bctrl::testing {

/// The inside of a client over a scripted transport and manual time.
class core_bench : public manual_context {
public:
    explicit core_bench(client_config const& config = config_of_nowhere()) {
        auto carrier = [this](scheduler& runs_on) {
            auto made = std::make_unique<scripted_transport>(runs_on);
            server_ = made.get();
            return made;
        };
        core_ = detail::client_core::make(context().get_executor(), configure(config),
                                          {shared_time(), seeded_randomness(1), carrier});
    }

    detail::client_core& core() noexcept { return *core_; }
    std::shared_ptr<detail::client_core> const& shared_core() const noexcept { return core_; }
    scripted_transport& server() noexcept { return *server_; }

    /// One more call, as the client lists it.
    listed_call& call() {
        auto& made = calls_.emplace_back(time().now());
        core_->in_flight().push_back(made);
        return made;
    }

    /// Begins a call; its value appears when it has ended.
    template <class T>
    pending<T> start(task<T> call) {
        auto ended = std::make_shared<std::optional<T>>();
        core_->calls().spawn(keep(std::move(call), ended));
        settle();
        return ended;
    }

private:
    /// Outlives the frames that show.
    std::list<listed_call> calls_;
    std::shared_ptr<detail::client_core> core_;
    scripted_transport* server_ = nullptr;
};

} // namespace bctrl::testing
