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
#include <cstdlib>
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

/// Says what went wrong; returns the exit code.
int report(std::exception_ptr const& thrown, arguments const& asked) {
    try {
        std::rethrow_exception(thrown);
    } catch (bctrl::request_error const& e) {
        auto const code = exit_code_of(e.code(), asked.timeout.has_value());
        std::cerr << "bctrl: " << (code == exit_interrupted ? "interrupted" : e.what()) << "\n";
        return code;
    } catch (std::exception const& e) {
        std::cerr << "bctrl: " << e.what() << "\n";
        return exit_internal;
    }
}

/// Sees that the output has arrived; returns the exit code.
int finish(int code) {
    if (std::cout.flush()) return code;
    std::cerr << "bctrl: the output could not be written\n";
    return exit_output;
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
        code = thrown ? report(thrown, asked) : returned;
        // Looking up a name cannot be stopped, and the context would wait for its end.
        if (code == exit_interrupted || code == exit_still_running) std::_Exit(finish(code));
        interrupts.cancel();
        client.abandon();
    };
    asio::co_spawn(context, run(client, asked), asio::bind_cancellation_slot(stop.slot(), ended));
    context.run();
    return code;
}

} // namespace

int main(int argc, char** argv) {
    // A reader that leaves ends this program without a word, even if whoever started it ignored the
    // signal. Sockets never raise it.
    std::signal(SIGPIPE, SIG_DFL);
    auto const parsed = parse(argc, argv);
    if (auto const* const leave = std::get_if<int>(&parsed)) return finish(*leave);
    auto const& asked = std::get<arguments>(parsed);
    try {
        return finish(run_to_end(asked));
    } catch (...) {
        return report(std::current_exception(), asked);
    }
}
