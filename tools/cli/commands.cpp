#include "cli/commands.hpp"

#include "cli/exit_code.hpp"
#include "cli/summary.hpp"

#include <bctrl/json.hpp>

#include <iostream>

namespace bctrl::cli {

namespace asio = boost::asio;

namespace {

template <class T>
void show(arguments const& asked, T const& document) {
    std::cout << (asked.json ? to_json(document) + "\n" : summary(document));
}

asio::awaitable<int> get_operation(client& with, arguments const& asked) {
    auto const found = co_await with.operations().get(asked.id);
    show(asked, found);
    co_return exit_ok;
}

asio::awaitable<int> cancel_operation(client& with, arguments const& asked) {
    auto const left = co_await with.operations().cancel(asked.id);
    show(asked, left);
    co_return exit_ok;
}

asio::awaitable<int> wait_for_operation(client& with, arguments const& asked) {
    wait_options options;
    options.within = asked.timeout;
    auto const seen = co_await with.operations().wait(asked.id, options);
    if (asked.json)
        std::cout << to_json(seen) << "\n";
    else
        std::cout << summary(seen.operation);
    if (seen.timed_out_waiting) {
        std::cerr << "bctrl: the operation has not ended; the same command goes on waiting\n";
        co_return exit_still_running;
    }
    co_return seen.operation.status == durable_status::succeeded ? exit_ok : exit_not_succeeded;
}

asio::awaitable<int> get_invocation(client& with, arguments const& asked) {
    auto const found = co_await with.invocations().get(asked.id);
    show(asked, found);
    co_return exit_ok;
}

asio::awaitable<int> list_all_commands(client& with, arguments const& asked) {
    auto pager = with.runs().all_commands(asked.id, asked.query);
    // A document appears complete or not at all; lines appear as they come.
    command_page all;
    while (auto const next = co_await pager.next()) {
        if (asked.json)
            all.commands.push_back(*next);
        else if (!(std::cout << list_line(*next)))
            break;
    }
    if (asked.json) std::cout << to_json(all) << "\n";
    co_return exit_ok;
}

asio::awaitable<int> list_commands(client& with, arguments const& asked) {
    auto const page = co_await with.runs().commands(asked.id, asked.query);
    if (asked.json) {
        std::cout << to_json(page) << "\n";
        co_return exit_ok;
    }
    for (auto const& each : page.commands)
        std::cout << list_line(each);
    if (page.next_cursor)
        std::cerr << "bctrl: there is more; to go on: --cursor " << *page.next_cursor << "\n";
    co_return exit_ok;
}

} // namespace

asio::awaitable<int> run(client& with, arguments asked) {
    switch (asked.what) {
        case action::operations_get:
            co_return co_await get_operation(with, asked);
        case action::operations_wait:
            co_return co_await wait_for_operation(with, asked);
        case action::operations_cancel:
            co_return co_await cancel_operation(with, asked);
        case action::invocations_get:
            co_return co_await get_invocation(with, asked);
        case action::runs_commands:
            if (asked.all_pages) co_return co_await list_all_commands(with, asked);
            co_return co_await list_commands(with, asked);
    }
    co_return exit_usage;
}

} // namespace bctrl::cli
