#pragma once

#include "load/arguments.hpp"

#include <bctrl/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl::bench {

/// Something that makes all figures worthless.
struct bench_failed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A client as users make it, on one thread, and the server that it is measured against.
class tested_client {
public:
    explicit tested_client(arguments const& asked);

    client& api() noexcept { return client_; }

    /// @param ending the last eight digits, which say when the operation ends
    std::string id(std::size_t index, std::string_view ending) const;
    /// @param life how long after it is first asked for the operation ends
    std::string id(std::size_t index, std::chrono::milliseconds life) const;

    /// Runs the context until `done()`.
    template <class Done>
    void run_until(Done done) {
        auto const end = std::chrono::steady_clock::now() + longest_run;
        context_.restart();
        while (!done()) {
            if (context_.run_one_until(end) == 0)
                throw bench_failed{"nothing ends any more: a call was lost"};
        }
    }

    /// One get, so that what is made once is made before anything is measured.
    void warm_up();

    /// A request to the server's administration.
    boost::json::object administer(std::string const& method, std::string const& path,
                                   std::vector<std::pair<std::string, std::string>> query = {});
    /// Until so many waits are parked there.
    void await_parked(std::size_t count);
    /// Lets all waits end that wait for that. Answered before they have.
    void release();

private:
    static constexpr std::chrono::seconds longest_run{600};

    boost::asio::io_context context_{1};
    client client_;
    std::string tag_;
};

/// What came of the calls.
class tally {
public:
    void take(error_code code, operation const& got) { take(code, got, false); }
    void take(error_code code, operation_wait_result const& got) {
        take(code, got.operation, got.timed_out_waiting);
    }
    void take_cancelled(error_code code);
    /// Faults that the client has put right by itself: a bench counts them as errors.
    void take_hidden_faults(client_stats const& seen);

    std::size_t ended() const noexcept { return ended_; }
    void report(boost::json::object& into) const;

private:
    void take(error_code code, operation const& got, bool timed_out);
    void wrong(std::string what);

    std::size_t ended_ = 0;
    std::size_t ok_ = 0;
    std::size_t errors_ = 0;
    std::string first_error_;
};

} // namespace bctrl::bench
