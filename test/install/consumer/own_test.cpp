// A test of somebody else's: an operation takes an hour and a half, and the test takes no time.
#include <bctrl/testing/simulation.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;
namespace testing = bctrl::testing;

int main() {
    testing::simulation world;
    auto const client = world.make_client();
    world.server().then(testing::connection_refused()).answer_with(testing::durable_work(90min));

    bctrl::durable_status seen{};
    client.operations().wait("op_1",
                             [&](bctrl::error_code code, bctrl::operation_wait_result result) {
                                 if (!code) seen = result.operation.status;
                             });
    auto const ended = [&] { return seen == bctrl::durable_status::succeeded; };
    auto const in_time = world.run_until(ended, 2h);
    std::cout << (in_time ? "succeeded" : "not ended") << " after "
              << std::chrono::floor<std::chrono::minutes>(world.now()).count() << " minutes\n";
}
