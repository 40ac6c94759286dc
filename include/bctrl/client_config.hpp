#pragma once

#include <bctrl/api_key.hpp>
#include <bctrl/retry_policy.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace bctrl {

/// Bounds on what a client takes, so that neither load nor a server can exhaust the process.
struct client_limits {
    /// Connections for calls that are answered at once: get, cancel, lists, `send`.
    std::size_t control_connections = 32;
    /// Connections for waits, which never share with the others. Over HTTP/1.1 each wait takes one.
    std::size_t wait_connections = 16'000;
    /// Calls of one kind that may wait for a connection; further ones end with `errc::queue_full`.
    std::size_t queued_calls = 100'000;
    /// Connections that may begin to be opened in a second; as many at once after a second without
    /// any. Further ones follow evenly, those for calls that are answered at once first.
    std::size_t dials_per_second = 1'000;
    /// Connections that may be being opened at a time, so that none takes too long for having too
    /// much company. A quarter of them is kept for calls that are answered at once.
    std::size_t dials_at_once = 128;
    /// The head of an answer.
    std::size_t header_bytes = 64 * 1024;
    /// The body of an answer.
    std::size_t body_bytes = 32 * 1024 * 1024;
    /// Objects and arrays inside one another in an answer.
    std::size_t json_depth = 512;
};

/// Everything a client needs to know. Plain values; checked when a client is made of it.
struct client_config {
    /// The production API, no key.
    client_config();
    client_config(client_config const&);
    client_config(client_config&&) noexcept;
    client_config& operator=(client_config const&);
    client_config& operator=(client_config&&) noexcept;
    ~client_config();

    /// From the environment: the key from `BCTRL_API_KEY`; the base URL from `BCTRL_BASE_URL`, else
    /// from `BCTRL_API_BASE_URL`; everything else as in `client_config{}`. Variables that are not
    /// set, or are empty, leave the default.
    /// @par Thread safety  Safe as long as no other thread changes the environment.
    static client_config from_environment();

    api_key key;

    /// Scheme, host, port and, if there is one, a path in front of `/v1/…`. A trailing `/v1` may
    /// stand or not. Plain http is for this machine only, unless `allow_insecure_http` is set.
    std::string base_url = "https://api.bctrl.ai";

    /// For the key of an organization: the subaccount to act for. Empty: none.
    std::string subaccount_id;

    /// Stands in front of the library's own name in the `User-Agent` of every request.
    std::string application;

    /// PEM certificates to trust instead of the system's; empty: the system's.
    std::string ca_file;

    /// Sends the key over plain http to any host. Anybody on the way can read it.
    bool allow_insecure_http = false;

    /// The deadline of every call but waits, all its attempts and pauses included.
    std::chrono::milliseconds call_timeout{60'000};
    /// Resolving, connecting and the TLS handshake of one connection together.
    std::chrono::milliseconds connect_timeout{10'000};
    /// How long a call may wait for a connection, one that is being opened included, before it ends
    /// with `errc::queue_timeout`; its own deadline may end it sooner. Not for waits, which have no
    /// other time than their own.
    std::chrono::milliseconds queue_timeout{30'000};
    /// How long a connection is kept without use.
    std::chrono::milliseconds idle_timeout{30'000};
    /// How long a connection is used, however busy; shortened by up to a tenth at random.
    std::chrono::milliseconds max_connection_age{600'000};

    retry_policy retry;
    retry_budget retries_in_all; ///< bounds the retries of all calls together
    wait_policy wait;
    client_limits limits;
};

} // namespace bctrl
