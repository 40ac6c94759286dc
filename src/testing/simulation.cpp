#include <bctrl/testing/simulation.hpp>

#include "api/client_access.hpp"
#include "api/client_core.hpp"
#include "api/configuration.hpp"
#include "testing/manual_context.hpp"
#include "testing/server_state.hpp"
#include "testing/simulated_transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace bctrl::testing {

namespace asio = boost::asio;

struct simulation::parts {
    parts(std::unique_ptr<manual_context> runs_in, std::uint64_t from)
        : seed{from}, time{runs_in->shared_time()}, world{std::move(runs_in)} {}

    std::uint64_t seed_of_next_client() noexcept { return seed + clients++; }

    std::shared_ptr<server_state> state = std::make_shared<server_state>(manual_clock::beginning);
    scripted_server server{state};
    std::uint64_t seed;
    std::uint64_t clients = 0;
    std::shared_ptr<manual_clock> time;
    std::unique_ptr<manual_context> world;
};

namespace {

/// Sleeps in a coroutine that holds all it needs: the simulation may end before it.
asio::awaitable<void> sleep_on(std::shared_ptr<manual_clock> clock, milliseconds time) {
    auto const executor = co_await asio::this_coro::executor;
    // Never expires; the alarm cancels it.
    asio::steady_timer place{executor, asio::steady_timer::time_point::max()};
    bool rung = false;
    auto const wake = clock->make_alarm(strand{executor}, [&place, &rung] {
        rung = true;
        place.cancel();
    });
    wake->set(later(clock->now(), time));
    auto const [ec] = co_await place.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!rung) throw boost::system::system_error{ec};
}

} // namespace

simulation::simulation(std::uint64_t seed)
    : parts_{std::make_unique<parts>(std::make_unique<manual_context>(), seed)} {}

simulation::simulation(asio::io_context& context, std::uint64_t seed)
    : parts_{std::make_unique<parts>(std::make_unique<manual_context>(context), seed)} {}

simulation::~simulation() {
    // Coroutines that are destroyed with the context may still ask for the time or write a note.
    parts_->world.reset();
}

asio::io_context& simulation::context() noexcept {
    return parts_->world->context();
}

client simulation::make_client(client_config const& config) {
    auto settings = configure(config);
    auto carrier = [state = parts_->state, headers = headers_without_key(settings.origin.headers)](
                       scheduler& runs_on) -> std::unique_ptr<transport> {
        return std::make_unique<simulated_transport>(runs_on, state, headers);
    };
    auto core = detail::client_core::make(
        context().get_executor(), std::move(settings),
        {parts_->time, seeded_randomness(parts_->seed_of_next_client()), std::move(carrier)});
    return detail::client_access::make(std::move(core));
}

scripted_server& simulation::server() noexcept {
    return parts_->server;
}

event_log& simulation::log() noexcept {
    return parts_->state->log();
}

void simulation::note(std::string text) {
    parts_->state->note(std::move(text), parts_->time->now());
}

std::uint64_t simulation::seed() const noexcept {
    return parts_->seed;
}

std::chrono::milliseconds simulation::now() const noexcept {
    return parts_->state->since_start(parts_->time->now());
}

std::chrono::system_clock::time_point simulation::date() const noexcept {
    return parts_->time->system_now();
}

void simulation::settle() {
    parts_->world->settle();
}

void simulation::pass(std::chrono::milliseconds time) {
    parts_->world->pass(time);
}

bool simulation::run_until(std::function<bool()> const& done, std::chrono::milliseconds at_most) {
    return parts_->world->pass_until(done, at_most);
}

asio::awaitable<void> simulation::sleep(std::chrono::milliseconds time) {
    return sleep_on(parts_->time, time);
}

} // namespace bctrl::testing
