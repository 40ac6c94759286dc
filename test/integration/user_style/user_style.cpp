// Calls written the way users write them, with temporaries everywhere inside the `co_await`: g++ 12
// destroys some of those twice, and none of this library's types may be among them. Texts are long,
// so that each of them owns memory.
//
// Runs against the emulator that the environment names; the exit code tells whether all went well.

#include <bctrl/client.hpp>
#include <bctrl/failed_step.hpp>
#include <bctrl/json.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using namespace std::string_literals;

#define CHECK(condition)                                                                    \
    do {                                                                                    \
        if (!(condition))                                                                   \
            throw std::runtime_error{"line " + std::to_string(__LINE__) + ": " #condition}; \
    } while (false)

std::string const prefix = "an operation whose id is too long for a small string ";

asio::awaitable<void> create(bctrl::client& client, std::string id, std::string runtime_ms) {
    co_await client.send(
        bctrl::request{"POST", "/emulator/operations"}.body(*bctrl::json_text::from(
            "{\"id\":\"" + id + "\",\"life\":{\"runtimeMs\":" + runtime_ms + "}}")));
}

asio::awaitable<void> create_all(bctrl::client& client) {
    co_await create(client, prefix + "short", std::to_string(50));
    co_await create(client, prefix + "other", std::to_string(80));
    co_await create(client, prefix + "endless", std::to_string(3'600'000));
    co_await client.send(bctrl::request{"POST", "/emulator/runs"}.body(*bctrl::json_text::from(
        R"({"id":"a run whose id is too long for a small string","commands":[{"count":7}]})")));
}

asio::awaitable<void> options_in_braces(bctrl::client& client) {
    bctrl::error_details why;
    auto seen = co_await client.operations().wait(prefix + "short", {.within = 30s});
    CHECK(seen.operation.status == bctrl::durable_status::succeeded);
    auto still = co_await client.operations().wait(
        prefix + "endless",
        {.within = 50ms, .policy = bctrl::wait_policy{.slice = 20ms}, .details = &why});
    CHECK(still.timed_out_waiting);
    auto found = co_await client.operations().get(
        prefix + "short",
        {.timeout = 5s, .retry = bctrl::retry_policy{.attempts = 2}, .details = &why});
    CHECK(found.id == prefix + "short");
    CHECK((co_await client.operations().get(prefix + "short")).status == found.status);
    CHECK(to_json(co_await client.operations().get(prefix + "short", {.timeout = 5s})) ==
          to_json(found));
    CHECK((co_await client.operations().wait(prefix + "other", {.within = 30s}))
              .operation.result->steps.size() == found.result->steps.size());
    auto const text = "it has " + (co_await client.operations().get(prefix + "short")).id +
                      (co_await client.operations().get(prefix + "other")).id;
    CHECK(text == "it has " + prefix + "short" + prefix + "other");
}

asio::awaitable<void> errors_in_braces(bctrl::client& client) {
    bctrl::error_details why;
    try {
        co_await client.operations().get(prefix + "missing", {.timeout = 5s, .details = &why});
        throw std::runtime_error{"what is not there was found"};
    } catch (bctrl::request_error const& e) {
        CHECK(e.code() == bctrl::errc::not_found);
        CHECK(why.resource_id == prefix + "missing");
    }
    auto const [code, found] = co_await client.operations().get(
        prefix + "missing", {.timeout = 5s, .details = &why}, asio::as_tuple(asio::use_awaitable));
    CHECK(code == bctrl::condition::not_found && found.id.empty());
    bctrl::error_code ec;
    auto const seen = co_await client.operations().wait(
        prefix + "missing", {.within = 5s}, asio::redirect_error(asio::use_awaitable, ec));
    CHECK(ec == bctrl::errc::not_found && seen.operation.id.empty());
}

asio::awaitable<std::size_t> count(std::vector<bctrl::command> commands) {
    co_return commands.size();
}

asio::awaitable<void> queries(bctrl::client& client) {
    auto const run = "a run whose id is too long for a small string"s;
    auto page = co_await client.runs().commands(
        run, bctrl::commands_query{}.limit(5).order(bctrl::sort_order::desc));
    CHECK(page.commands.size() == 5 && page.next_cursor);
    auto next = co_await client.runs().commands(
        run,
        bctrl::commands_query{}.limit(5).order(bctrl::sort_order::desc).cursor(*page.next_cursor),
        {.timeout = 5s});
    CHECK(next.commands.size() == 2);
    auto none = co_await client.runs().commands(
        run, bctrl::commands_query{}
                 .limit(5)
                 .status("a status that is too long for a small string"s)
                 .execution_mode("inline"s + std::string(40, 'x'))
                 .include("something else that is rather long"));
    CHECK(none.commands.empty());
    CHECK((co_await client.runs().commands(run, {}, {.timeout = 5s})).commands.size() == 7);
    CHECK(co_await count((co_await client.runs().commands(run)).commands) == 7);
}

asio::awaitable<void> pages(bctrl::client& client) {
    auto pager = client.runs().all_commands(
        "a run whose id is too long"s + " for a small string",
        bctrl::commands_query{}.limit(2).include("something else that is rather long"));
    std::vector<bctrl::command> all;
    while (auto command = co_await pager.next())
        all.push_back(*std::move(command));
    CHECK(all.size() == 7);
    CHECK(!co_await pager.next({.timeout = 5s}));
}

asio::awaitable<void> other_requests(bctrl::client& client) {
    auto stats = co_await client.send(
        bctrl::request{"GET", "/emulator/stats"}
            .query("a name that is rather long, really", "a value that is rather long, really")
            .header("X-A-Rather-Long-Header-Name", "a value that is rather long, really"));
    CHECK(stats.status == 200);
    CHECK((co_await client.send({"GET", "/emulator/"s + "stats"}, {.timeout = 5s})).status == 200);
    CHECK(!(co_await client.send(bctrl::request{"GET", "/emulator/stats"}.idempotency_key(
                "a key that names this request alone")))
               .headers.empty());
}

asio::awaitable<void> several_at_once(bctrl::client& client) {
    auto [one, other] = co_await (client.operations().wait(prefix + "short", {.within = 30s}) &&
                                  client.operations().get(prefix + "other", {.timeout = 5s}));
    CHECK(one.operation.id == prefix + "short" && other.id == prefix + "other");
    auto const first = co_await (client.operations().wait(prefix + "endless", {.within = 30s}) ||
                                 client.operations().wait(prefix + "short", {.within = 30s}));
    CHECK(first.index() == 1 && std::get<1>(first).operation.id == prefix + "short");
    asio::steady_timer soon{co_await asio::this_coro::executor, 30ms};
    auto const timed = co_await (client.operations().wait(prefix + "endless", {.within = 30s}) ||
                                 soon.async_wait(asio::use_awaitable));
    CHECK(timed.index() == 1);
}

asio::awaitable<void> cancellation(bctrl::client& client) {
    asio::cancellation_signal stop;
    asio::steady_timer soon{co_await asio::this_coro::executor, 30ms};
    soon.async_wait([&stop](bctrl::error_code) { stop.emit(asio::cancellation_type::terminal); });
    auto const [code, seen] = co_await client.operations().wait(
        prefix + "endless", {.within = 30s},
        asio::bind_cancellation_slot(stop.slot(), asio::as_tuple(asio::use_awaitable)));
    CHECK(code == asio::error::operation_aborted);
    CHECK((co_await client.operations().cancel(prefix + "endless", {.timeout = 5s})).id ==
          prefix + "endless");
    CHECK((co_await client.operations().wait(prefix + "endless")).operation.status ==
          bctrl::durable_status::cancelled);
}

asio::awaitable<std::string> explain(bctrl::operation_wait_result seen) {
    co_return "it " + std::string{seen.operation.status.text()} + explain_failure(seen.operation);
}

/// Results handed on from one `co_await` to the next, and coroutines spawned in one expression.
asio::awaitable<void> nested(bctrl::client& client) {
    CHECK(co_await explain(co_await client.operations().wait(prefix + "short", {.within = 30s})) ==
          "it succeeded");
    auto const executor = co_await asio::this_coro::executor;
    auto const found = co_await asio::co_spawn(
        executor, client.operations().get(prefix + "short", {.timeout = 5s}), asio::use_awaitable);
    CHECK(found.id == prefix + "short");
    for (int i = 0; i < 3 && !(co_await client.operations().get(prefix + "short")).id.empty(); ++i)
        CHECK((co_await client.operations().get(
                   (co_await client.operations().get(prefix + "short", {.timeout = 5s})).id))
                  .id == prefix + "short");
}

asio::awaitable<void> run() {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};
    co_await create_all(client);
    co_await options_in_braces(client);
    co_await errors_in_braces(client);
    co_await queries(client);
    co_await pages(client);
    co_await other_requests(client);
    co_await several_at_once(client);
    co_await cancellation(client);
    co_await nested(client);
    co_await client.close(5s);
}

int main() {
    asio::io_context context;
    int code = 1;
    asio::co_spawn(context, run(), [&code](std::exception_ptr const& thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
            code = 0;
        } catch (std::exception const& e) {
            std::cerr << e.what() << "\n";
        }
    });
    context.run();
    return code;
}
