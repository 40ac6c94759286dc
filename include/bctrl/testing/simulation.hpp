#pragma once

#include <bctrl/client.hpp>
#include <bctrl/testing/config_of_nowhere.hpp>
#include <bctrl/testing/durable_work.hpp>
#include <bctrl/testing/event_log.hpp>
#include <bctrl/testing/replies.hpp>
#include <bctrl/testing/scripted_server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace bctrl::testing {

/// A world for tests of code that uses `bctrl::client`: an execution context, a clock that moves only
/// when it is told to, chance with a seed, and a server that follows a script. Clients made here are
/// real clients; only time, chance and network are not.
///
///     bctrl::testing::simulation world;
///     auto client = world.make_client();
///     world.server().then(bctrl::testing::connection_refused())
///                   .then(bctrl::testing::succeeded("op_1"));
///     asio::co_spawn(world.context(), code_under_test(client), asio::detached);
///     world.pass(1min);
///
/// The same program with the same seed does the same, to the last byte of `log().text()`.
///
/// @par Lifetime  A simulation, its clients and the handles that it gives may end in any order. With it
///      ends a context of its own, and with that every coroutine that is suspended on it.
/// @par Thread safety  None: a simulation and all that runs on its context belong to one thread.
class simulation {
public:
    /// A simulation with an execution context of its own.
    /// @param seed where chance begins: backoff and all other jitter follow from it
    explicit simulation(std::uint64_t seed = 1);

    /// A simulation on an execution context that exists and outlives it. Nothing else may run the
    /// context while the simulation does.
    explicit simulation(boost::asio::io_context& context, std::uint64_t seed = 1);

    simulation(simulation const&) = delete;
    simulation& operator=(simulation const&) = delete;
    ~simulation();

    /// Where the clients work, and where the code under test is to be spawned.
    boost::asio::io_context& context() noexcept;

    /// A client whose time, chance and server are those of the simulation. No socket is opened, and
    /// no name resolved, whatever `config` says.
    /// @par Errors  Throws request_error as `client::client` does.
    client make_client(client_config const& config = config_of_nowhere());

    /// The server that every client of the simulation talks to.
    scripted_server& server() noexcept;

    /// What happened so far.
    event_log& log() noexcept;

    /// Writes `text` into the log.
    void note(std::string text);

    /// The seed given.
    std::uint64_t seed() const noexcept;

    /// The time that has passed since the simulation began. It stands still while code runs.
    std::chrono::milliseconds now() const noexcept;

    /// The date, as the client reads `Retry-After` and its like against it: begins at
    /// 2026-04-02T00:00:00Z and goes on with `now()`.
    std::chrono::system_clock::time_point date() const noexcept;

    /// Runs everything that is due now. Time does not pass.
    void settle();

    /// Lets time pass, from one alarm to the next, and runs what comes due at each.
    void pass(std::chrono::milliseconds time);

    /// Lets time pass until `done()`, which is asked after each alarm.
    /// @param at_most the time to pass if `done()` stays false
    /// @returns what `done()` said last
    bool run_until(std::function<bool()> const& done, std::chrono::milliseconds at_most);

    /// Lasts `time` of the simulation's. For code under test that takes its pauses from outside, and
    /// for tests that want something done at a time. Asio's own timers follow the real clock, which a
    /// simulation does not wait for.
    /// @pre Awaited on `context()`.
    /// @par Per-operation cancellation  terminal, partial and total end it with `operation_aborted`,
    ///      thrown as `boost::system::system_error`.
    boost::asio::awaitable<void> sleep(std::chrono::milliseconds time);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace bctrl::testing
