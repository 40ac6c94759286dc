// Shows the progress of one durable operation until it has ended; complains if it did not succeed.
//
//     watch_one OPERATION_ID        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>
#include <bctrl/expect_succeeded.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <utility>

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> show_progress(std::string id) {
    bctrl::client client{co_await asio::this_coro::executor,
                         bctrl::client_config::from_environment()};

    bctrl::operation last;
    auto watch = client.operations().watch(std::move(id), {.interval = 100ms});
    while (auto seen = co_await watch.next()) {
        last = *std::move(seen);
        std::cout << last.status.text();
        if (last.progress && last.progress->step) std::cout << ", step " << *last.progress->step;
        std::cout << "\n";
    }
    bctrl::expect_succeeded(last);
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: watch_one OPERATION_ID\n";
        return 2;
    }
    asio::io_context context;
    int code = 0;
    asio::co_spawn(context, show_progress(argv[1]), [&code](std::exception_ptr const& thrown) {
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
