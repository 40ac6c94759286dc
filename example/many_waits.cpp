// Waits for two operations at once: for both with `&&`, then for whichever comes first with `||`,
// and never longer than a timer of the program's own.
//
//     many_waits FIRST_ID SECOND_ID        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

asio::awaitable<void> wait_for_both(bctrl::client& client, std::string first, std::string second) {
    auto [one, other] =
        co_await (client.operations().wait(first) && client.operations().wait(second));
    std::cout << "both ended: " << one.operation.status.text() << " and "
              << other.operation.status.text() << "\n";
}

asio::awaitable<void> wait_for_either(bctrl::client& client, std::string first,
                                      std::string second) {
    asio::steady_timer patience{co_await asio::this_coro::executor, 30s};
    auto const winner =
        co_await (client.operations().wait(first) || client.operations().wait(second) ||
                  patience.async_wait(asio::use_awaitable));
    if (winner.index() == 2)
        std::cout << "neither ended within 30 s\n";
    else
        std::cout << (winner.index() == 0 ? first : second) << " ended first\n";
}

asio::awaitable<void> run(std::string first, std::string second) {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};
    co_await wait_for_either(client, first, second);
    co_await wait_for_both(client, first, second);
}

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: many_waits FIRST_ID SECOND_ID\n";
        return 2;
    }
    asio::io_context context;
    int code = 0;
    asio::co_spawn(context, run(argv[1], argv[2]), [&code](std::exception_ptr const& thrown) {
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
