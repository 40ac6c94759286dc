#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <variant>

namespace {

namespace asio = boost::asio;
using namespace bctrl::cli;

bctrl::client_config configure(arguments const& asked) {
    auto config = bctrl::client_config::from_environment();
    if (!asked.base_url.empty()) config.base_url = asked.base_url;
    config.ca_file = asked.ca_file;
    return config;
}

int report(std::exception_ptr const& thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (bctrl::request_error const& e) {
        auto const code = exit_code_of(e.code());
        std::cerr << (code == exit_interrupted ? "bctrl: interrupted" : e.what()) << "\n";
        return code;
    } catch (std::exception const& e) {
        std::cerr << "bctrl: " << e.what() << "\n";
        return exit_internal;
    }
}

int run_to_end(arguments const& asked) {
    asio::io_context context{1};
    bctrl::client client{context.get_executor(), configure(asked)};

    // The first Ctrl-C ends the call, the second one the program: by then nobody listens any more.
    asio::cancellation_signal stop;
    asio::signal_set interrupts{context, SIGINT, SIGTERM};
    interrupts.async_wait([&stop, &interrupts](boost::system::error_code ec, int) {
        if (ec) return;
        interrupts.clear();
        stop.emit(asio::cancellation_type::terminal);
    });

    int code = exit_internal;
    auto const ended = [&](std::exception_ptr const& thrown, int returned) {
        code = thrown ? report(thrown) : returned;
        interrupts.cancel();
        client.abandon();
    };
    asio::co_spawn(context, run(client, asked), asio::bind_cancellation_slot(stop.slot(), ended));
    context.run();
    return code;
}

} // namespace

int main(int argc, char** argv) {
    auto const parsed = parse(argc, argv);
    if (auto const* const leave = std::get_if<int>(&parsed)) return *leave;
    try {
        return run_to_end(std::get<arguments>(parsed));
    } catch (...) {
        return report(std::current_exception());
    }
}
