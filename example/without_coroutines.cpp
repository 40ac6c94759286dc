// The same calls with a callback and with a future instead of a coroutine.
//
//     without_coroutines OPERATION_ID        (BCTRL_API_KEY and BCTRL_BASE_URL from the
//     environment)

#include <bctrl/client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <thread>

namespace asio = boost::asio;

/// The callback runs on the context's thread when the call has ended.
void get_with_callback(bctrl::client& client, std::string const& id) {
    client.operations().get(id, [](bctrl::error_code ec, bctrl::operation const& found) {
        std::cout << "callback: " << (ec ? ec.message() : std::string{found.status.text()})
                  << std::endl;
    });
}

/// The calling thread sleeps until the call has ended, so the context runs on another one.
void wait_with_future(bctrl::client& client, std::string const& id) {
    auto ending = client.operations().wait(id, asio::use_future);
    auto const seen = ending.get();
    std::cout << "future: " << seen.operation.status.text() << std::endl;
}

int run(std::string const& id) {
    asio::io_context context;
    bctrl::client client{context.get_executor(), bctrl::client_config::from_environment()};
    auto work = asio::make_work_guard(context);
    std::jthread const runs{[&context] { context.run(); }};
    struct let_run_end {
        bctrl::client& client;
        decltype(work)& held;
        ~let_run_end() {
            client.abandon();
            held.reset();
        }
    } const at_end{client, work};

    get_with_callback(client, id);
    wait_with_future(client, id);
    return 0;
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: without_coroutines OPERATION_ID\n";
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (std::exception const& e) {
        std::cerr << e.what() << "\n";
        return 1;
    }
}
