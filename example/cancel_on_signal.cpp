// Waits for an operation until Ctrl-C: the signal stops the wait, never the operation.
//
//     cancel_on_signal OPERATION_ID        (BCTRL_API_KEY and BCTRL_BASE_URL from the environment)

#include <bctrl/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace asio = boost::asio;

int run(char const* id) {
    asio::io_context context;
    bctrl::client client{context.get_executor(), bctrl::client_config::from_environment()};

    asio::cancellation_signal stop;
    asio::signal_set interrupt{context, SIGINT};
    interrupt.async_wait([&stop](bctrl::error_code ec, int) {
        if (!ec) stop.emit(asio::cancellation_type::terminal);
    });

    int code = 0;
    bctrl::error_details why;
    auto const ended = [&](bctrl::error_code ec, bctrl::operation_wait_result const& seen) {
        if (!ec) {
            std::cout << "ended: " << seen.operation.status.text() << "\n";
        } else if (ec == asio::error::operation_aborted) {
            std::cout << "stopped waiting; the operation goes on\n";
        } else {
            std::cerr << describe(ec, why) << "\n";
            code = 1;
        }
        interrupt.cancel();
        client.abandon();
    };
    client.operations().wait(id, {.details = &why},
                             asio::bind_cancellation_slot(stop.slot(), ended));
    context.run();
    return code;
}

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: cancel_on_signal OPERATION_ID\n";
        return 2;
    }
    try {
        return run(argv[1]);
    } catch (std::exception const& e) {
        std::cerr << e.what() << "\n";
        return 1;
    }
}
