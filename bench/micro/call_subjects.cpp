// Whole calls through the public edge, over a transport that answers at once.
#include "micro/instant_client.hpp"
#include "micro/subjects.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace bctrl::bench {

namespace {

subject calling(std::string name, std::function<void(instant_client&)> call) {
    return {std::move(name), [call = std::move(call)] {
                auto const made = std::make_shared<instant_client>();
                return [made, call] { call(*made); };
            }};
}

} // namespace

std::vector<subject> call_subjects() {
    return {calling("call/get", [](instant_client& on) { on.get(); }),
            calling("call/wait", [](instant_client& on) { on.wait(std::nullopt); }),
            calling("call/wait with a deadline",
                    [](instant_client& on) { on.wait(std::chrono::hours{1}); })};
}

} // namespace bctrl::bench
