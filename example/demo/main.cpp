// A thousand durable operations with mixed lives on an emulator of the service, over HTTPS, and a
// coroutine for each that waits until it has ended.

#include "scenario.hpp"
#include "tally.hpp"

#include <bctrl/client.hpp>
#include <bctrl/emulator/certificate.hpp>
#include <bctrl/emulator/server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr std::size_t operations = 1'000;
/// Long enough for a thousand TLS handshakes on a small machine before the first one ends.
constexpr auto shortest_life = 3s;

/// A file that is gone when the demo is.
struct temporary_file {
    temporary_file()
        : path{std::filesystem::temp_directory_path() /
               ("bctrl-demo-" + std::to_string(::getpid()) + ".pem")} {}
    temporary_file(temporary_file const&) = delete;
    temporary_file& operator=(temporary_file const&) = delete;
    ~temporary_file() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
    std::filesystem::path path;
};

class demonstration {
public:
    demonstration(bctrl::emulator::server& server, std::string const& ca_file)
        : server_{server},
          client_{context_.get_executor(), configuration(server, ca_file)},
          scripted_{demo::create_operations(server, operations, shortest_life)},
          tally_{scripted_.size()} {}

    /// True if every ending was the scripted one.
    bool run() {
        for (auto const& each : scripted_) {
            start(wait_for(each));
            if (each.cancel_after) start(cancel(each));
        }
        start(show_progress());
        context_.run();
        fmt::print("{}", tally_.report(server_));
        fmt::print("\n{} of {} endings as scripted, in {:.1f} s\n", tally_.as_scripted(),
                   scripted_.size(),
                   std::chrono::duration<double>(steady_clock::now() - start_).count());
        return tally_.as_scripted() == scripted_.size();
    }

private:
    static bctrl::client_config configuration(bctrl::emulator::server const& server,
                                              std::string const& ca_file) {
        bctrl::client_config config;
        config.key = bctrl::api_key{"bctrl_emulator_key"};
        config.base_url = server.base_url();
        config.ca_file = ca_file;
        return config;
    }

    void start(asio::awaitable<void> work) {
        ++running_;
        asio::co_spawn(context_, std::move(work), [this](std::exception_ptr const& thrown) {
            if (thrown) note(thrown);
            // The client keeps connections for later; there is no later.
            if (--running_ == 0) client_.abandon();
        });
    }

    void note(std::exception_ptr const& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (std::exception const& e) {
            tally_.failed(e.what());
        }
    }

    asio::awaitable<void> wait_for(demo::scripted_operation const& one) {
        auto seen = co_await client_.operations().wait(one.id);
        tally_.ended(one, std::move(seen.operation), steady_clock::now());
    }

    asio::awaitable<void> cancel(demo::scripted_operation const& one) {
        asio::steady_timer halfway{context_, *one.cancel_after};
        co_await halfway.async_wait(asio::use_awaitable);
        co_await client_.operations().cancel(one.id);
    }

    asio::awaitable<void> show_progress() {
        auto const watched = ::isatty(STDOUT_FILENO) == 1;
        asio::steady_timer tick{context_};
        while (tally_.in_flight() > 0 && steady_clock::now() - start_ < 60s) {
            tick.expires_after(watched ? 100ms : 1s);
            co_await tick.async_wait(asio::use_awaitable);
            fmt::print("{}{}{}", watched ? "\r\x1b[K" : "",
                       tally_.progress_line(steady_clock::now() - start_), watched ? "" : "\n");
            std::fflush(stdout);
        }
        if (watched) fmt::print("\n");
    }

    steady_clock::time_point start_ = steady_clock::now();
    asio::io_context context_{1};
    bctrl::emulator::server& server_;
    bctrl::client client_;
    std::vector<demo::scripted_operation> scripted_;
    demo::tally tally_;
    std::size_t running_ = 0;
};

int demonstrate() {
    bctrl::emulator::certificate_authority const authority;
    temporary_file const ca;
    authority.write_ca(ca.path);
    bctrl::emulator::server_options options;
    options.tls = authority.issue();
    bctrl::emulator::server server{std::move(options)};
    fmt::print("The emulator serves at {}; {} operations begin their lives there.\n",
               server.base_url(), operations);
    demonstration all{server, ca.path.string()};
    return all.run() ? 0 : 1;
}

} // namespace

int main() {
    try {
        return demonstrate();
    } catch (std::exception const& e) {
        fmt::print(stderr, "the demo could not run: {}\n", e.what());
        return 1;
    }
}
