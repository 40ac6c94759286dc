#pragma once

#include "support/temporary_path.hpp"

#include <bctrl/client.hpp>
#include <bctrl/emulator/certificate.hpp>
#include <bctrl/emulator/server.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>

namespace bctrl::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

inline constexpr auto* emulator_key = "bctrl_emulator_key";

/// An emulator over HTTPS with a CA of its own, and what a client needs to trust it.
class secure_emulator {
public:
    explicit secure_emulator(emulator::server_options options = {})
        : server_{with_certificate(std::move(options))} {
        authority_.write_ca(ca_.path());
    }

    emulator::server* operator->() noexcept { return &server_; }
    emulator::server& server() noexcept { return server_; }

    client_config config() const {
        client_config made;
        made.key = api_key{emulator_key};
        made.base_url = server_.base_url();
        made.ca_file = ca_.string();
        return made;
    }

private:
    emulator::server_options with_certificate(emulator::server_options options) const {
        options.tls = authority_.issue();
        return options;
    }

    emulator::certificate_authority authority_;
    temporary_path ca_{".pem"};
    emulator::server server_;
};

/// Runs coroutines on one thread to their end; what they throw, `run` throws.
class event_loop {
public:
    template <class T>
    T run(asio::awaitable<T> work) {
        auto result = asio::co_spawn(context_, std::move(work), asio::use_future);
        drive();
        if (result.wait_for(0s) != std::future_status::ready)
            throw std::runtime_error{"the coroutine did not end"};
        return result.get();
    }

    asio::io_context& context() noexcept { return context_; }
    asio::any_io_executor executor() noexcept { return context_.get_executor(); }

    /// Lets everything run until nothing is left to do; a test that hangs fails here.
    void drive() {
        context_.restart();
        context_.run_for(30s);
        ASSERT_TRUE(context_.stopped()) << "work is left after 30 s";
    }

private:
    asio::io_context context_{1};
};

/// A life of one step of that length, ending well.
inline emulator::life life_of(std::chrono::milliseconds length) {
    emulator::life script;
    emulator::step only;
    only.takes = length;
    script.steps = {only};
    return script;
}

/// How many descriptors this process has open.
inline std::size_t open_descriptors() {
    auto const all = std::filesystem::directory_iterator{"/proc/self/fd"};
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace bctrl::test
