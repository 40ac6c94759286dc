// Waits for the first of several operations, then has the others cancelled.
//
//     first_of_many OPERATION_ID...        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>
#include <bctrl/wait_many.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <span>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> wait_for_first(std::vector<bctrl::work_id> works) {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};

    bctrl::wait_many_options options{.within = 1h, .on_abandon = bctrl::abandonment::cancel_remote};
    auto const made = co_await bctrl::wait_any(client, std::move(works), options);
    for (auto const& winner : made.ended)
        std::cout << winner.work.id << (winner.succeeded() ? " succeeded\n" : " ended badly\n");
    for (auto const& loser : made.open)
        std::cout << loser.id << " is not needed any more\n";

    co_await client.close(1s); // waits for the cancels too
}

int main(int argc, char** argv) {
    if (argc < 2) {
        std::cerr << "usage: first_of_many OPERATION_ID...\n";
        return 2;
    }
    std::span const ids{argv + 1, argv + argc};
    auto works = bctrl::works_of(bctrl::durable_kind::operation, ids);
    asio::io_context context;
    int code = 0;
    asio::co_spawn(context, wait_for_first(std::move(works)),
                   [&code](std::exception_ptr const& thrown) {
                       try {
                           if (thrown) std::rethrow_exception(thrown);
                       } catch (std::exception const& e) {
                           std::cerr << e.what() << "\n";
                           code = 1;
                       }
                   });
    context.run();
    return code;
}
