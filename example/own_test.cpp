// How a program that uses bctrl is tested: without network, without real time, the same in every run.
//
//     own_test        (says what failed, and ends with 1 if anything did)

#include <bctrl/testing/simulation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
namespace testing = bctrl::testing;
using namespace std::chrono_literals;

// What is tested: tells in one line how an operation goes, within ten minutes.
asio::awaitable<std::string> report(bctrl::client const& client, std::string id) {
    try {
        auto const seen = co_await client.operations().wait(id, {.within = 10min});
        auto const& status = seen.operation.status.text();
        co_return std::string{seen.timed_out_waiting ? "still " : "ended: "}.append(status);
    } catch (bctrl::request_error const& e) {
        co_return std::string{"no news: "}.append(e.details().message);
    }
}

// Runs it in `world` until it has ended, an hour at the most.
std::string report_in(testing::simulation& world) {
    auto const client = world.make_client();
    std::string said;
    asio::co_spawn(
        world.context(), report(client, "op_1"),
        [&said](std::exception_ptr const&, std::string line) { said = std::move(line); });
    world.run_until([&said] { return !said.empty(); }, 1h);
    return said;
}

int failures = 0;

void expect(bool holds, std::string const& what, testing::simulation& world) {
    if (holds) return;
    ++failures;
    std::cout << "failed: " << what << "\nwhat happened:\n" << world.log().text();
}

void faults_pass() {
    testing::simulation world;
    world.server()
        .then(testing::name_not_resolved(), 3)
        .then(testing::connection_reset().after(20s))
        .then(testing::refusal(503, "We are deploying."))
        .answer_with(testing::durable_work(5min));
    auto const said = report_in(world);
    expect(said == "ended: succeeded", "a wait survives faults that pass", world);
    expect(world.now() == 5min, "a wait ends with the work", world);
}

void patience_ends() {
    testing::simulation world;
    world.server().answer_with(testing::durable_work(2h));
    auto const said = report_in(world);
    expect(said == "still running", "a wait that takes too long is told as such", world);
    expect(world.now() == 10min, "nobody waits longer than ten minutes", world);
}

void unknown_operations_are_no_news() {
    testing::simulation world;
    world.server().on("/v1/operations/op_1/wait").then(testing::refusal(404, "There is none."));
    auto const said = report_in(world);
    expect(said == "no news: There is none.", "a refusal is told", world);
    expect(world.server().count() == 1, "a refusal is not asked for again", world);
}

int main() {
    try {
        faults_pass();
        patience_ends();
        unknown_operations_are_no_news();
    } catch (std::exception const& e) {
        std::cerr << "own_test: " << e.what() << "\n";
        return 1;
    }
    if (failures > 0) return 1;
    std::cout << "all is well\n";
}
