#pragma once

#include "client_fixture.hpp"

#include <bctrl/client.hpp>

#include <chrono>
#include <string>

namespace bctrl::test {

/// No text may ever hold it.
inline constexpr auto* canary_key = "bctrl_canary_5d41402abc4b2a76";
inline constexpr unsigned most_attempts = 3;

/// The kinds of calls there are: a read, two that may be repeated, and one that must not be.
enum class kind { get, cancel, wait, send };

inline char const* name_of(kind which) {
    constexpr char const* names[] = {"get", "cancel", "wait", "send"};
    return names[static_cast<int>(which)];
}

inline request unrepeatable() {
    return request{"POST", "/v1/runs"}.body(*json_text::from(R"({"a":1})"));
}

/// Makes one call of that kind.
inline asio::awaitable<void> make_call(client& with, kind which, std::chrono::milliseconds limit) {
    call_options const options{.timeout = limit};
    auto const id = std::string{"op_1"};
    if (which == kind::get) co_await with.operations().get(id, options);
    if (which == kind::cancel) co_await with.operations().cancel(id, options);
    if (which == kind::send) co_await with.send(unrepeatable(), options);
    if (which == kind::wait) {
        wait_options const own{.within = limit};
        co_await with.operations().wait(id, own);
    }
}

/// How a call has ended.
struct ended {
    bool well = false;
    error_code code{};
    std::string text{};
    error_details details{};
    std::chrono::steady_clock::duration took{};
};

inline asio::awaitable<ended> end_of(client& with, kind which, std::chrono::milliseconds limit) {
    ended seen;
    auto const begun = std::chrono::steady_clock::now();
    try {
        co_await make_call(with, which, limit);
        seen.well = true;
    } catch (request_error const& e) {
        seen.code = e.code();
        seen.text = e.what();
        seen.details = e.details();
    }
    seen.took = std::chrono::steady_clock::now() - begun;
    co_return seen;
}

inline client_config config_of(std::string const& base_url, std::string const& ca_file = {}) {
    client_config made;
    made.key = api_key{canary_key};
    made.base_url = base_url;
    made.ca_file = ca_file;
    made.retry = {.attempts = most_attempts, .base_delay = 1ms, .max_delay = 2ms};
    return made;
}

} // namespace bctrl::test
