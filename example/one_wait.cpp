// Waits for one durable operation and prints how it ended.
//
//     one_wait OPERATION_ID        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>
#include <bctrl/failed_step.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> wait_for(std::string id) {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};

    auto seen = co_await client.operations().wait(id, {.within = 30s});
    if (seen.timed_out_waiting)
        std::cout << "still " << seen.operation.status.text() << " after 30 s\n";
    else
        std::cout << "ended: " << seen.operation.status.text() << "\n"
                  << explain_failure(seen.operation);

    co_await client.close(1s);
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: one_wait OPERATION_ID\n";
        return 2;
    }
    asio::io_context context;
    int code = 0;
    asio::co_spawn(context, wait_for(argv[1]), [&code](std::exception_ptr const& thrown) {
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
