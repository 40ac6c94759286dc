#pragma once

#include <bctrl/api_key.hpp>
#include <bctrl/proxy_url.hpp>
#include <bctrl/retry_policy.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace bctrl {

/// Bounds on what a client takes, so that neither load nor a server can exhaust the process.
struct client_limits {
    /// Connections for calls that are answered at once: get, cancel, lists, `send`.
    std::size_t control_connections = 32;
    /// Connections for waits, which never share with the others. Over HTTP/1.1 each poll takes one, over
    /// HTTP/2 many share one; more waits than all of them carry take turns (`wait_policy::look_within`).
    std::size_t wait_connections = 16'000;
    /// Requests that one HTTP/2 connection carries at a time, if the server allows so many.
    std::size_t streams_per_connection = 1'000;
    /// Calls of one kind that may wait for a connection; further ones end with `errc::queue_full`.
    /// Waits take turns instead, however many they are.
    std::size_t queued_calls = 100'000;
    /// Connections that may begin to be opened in a second; as many at once after a second without
    /// any. Further ones follow evenly, those for calls that are answered at once first.
    std::size_t dials_per_second = 1'000;
    /// Connections that may be being opened at a time, so that none takes too long for having too
    /// much company. A quarter of them is kept for calls that are answered at once.
    std::size_t dials_at_once = 128;
    /// The head of an answer, of 256 fields at most; and what surrounds the chunks of its body.
    std::size_t header_bytes = 64 * 1024;
    /// The body of an answer, as it comes and when it is decoded.
    std::size_t body_bytes = 32 * 1024 * 1024;
    /// Objects and arrays inside one another in an answer.
    std::size_t json_depth = 512;
};

/// Which version of HTTP a client speaks.
enum class http_version : unsigned char {
    automatic, ///< HTTP/2 if an https server agrees to it (ALPN, RFC 7301), else HTTP/1.1
    http1,     ///< HTTP/1.1 (RFC 9112)
    /// HTTP/2 (RFC 9113). An https server that does not agree to it is an error; an http server is
    /// expected to speak it without being asked.
    http2,
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
    /// from `BCTRL_API_BASE_URL`; the proxy from `https_proxy`, else from `HTTPS_PROXY`; the hosts
    /// that need none from `no_proxy`, else from `NO_PROXY`; everything else as in
    /// `client_config{}`. Variables that are not set, or are empty, leave the default.
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

    /// PEM certificates to trust instead of the system's; empty: the system's, which OpenSSL finds
    /// at its own place or where `SSL_CERT_FILE` and `SSL_CERT_DIR` tell.
    std::string ca_file;
    /// Trusts the system's certificates besides those of `ca_file`.
    bool trust_system_too = false;

    /// The certificate that this client shows to servers that demand one: PEM, followed by
    /// intermediate ones if there are any. Empty: none.
    std::string client_certificate_file;
    /// Its private key, PEM without a password. Empty: it stands in `client_certificate_file`.
    std::string client_key_file;

    /// For tests only: takes any certificate for any name, so that anybody on the way can read the
    /// key and forge answers. Refused unless `base_url` is on this machine; `client::explain` shows
    /// it. Never needed for a server with a certificate of its own making: `ca_file` does that.
    bool testing_only_accept_any_certificate = false;

    /// The HTTP proxy that connections to an https origin go through; none if empty. It is asked
    /// with CONNECT (RFC 9110, section 9.3.6): TLS is with the origin, and the proxy reads nothing.
    /// The URL is an http one, with port 80 if it names none; a user and a password in it are shown
    /// to the proxy (Basic, RFC 7617). Connections to an http origin and to `unix_socket` use none.
    proxy_url proxy;

    /// Hosts that are connected to without the proxy, separated by commas or spaces: names, which
    /// stand for everything below them too, with a leading dot or without; addresses; networks, as
    /// in `10.0.0.0/8`; each with a port or without; `*` for all. As with curl, `localhost` needs
    /// the proxy too unless it is named here. Names are not looked up to compare them with networks.
    std::string no_proxy;

    /// A Unix socket that all connections go to, of a gateway on this machine, for example; empty:
    /// none. `base_url` still tells the `Host` and, with https, whose certificate is expected;
    /// plain http to any host is fine then.
    std::string unix_socket;

    /// Which version of HTTP to speak.
    http_version http = http_version::automatic;

    /// Sends the key over plain http to any host. Anybody on the way can read it.
    bool allow_insecure_http = false;

    /// The deadline of every call but waits, all its attempts and pauses included.
    std::chrono::milliseconds call_timeout{60'000};
    /// Resolving, connecting, the proxy and the TLS handshake of one connection together.
    std::chrono::milliseconds connect_timeout{10'000};
    /// How long the addresses of the host are used before they are looked up again; zero: for one
    /// connection. While look-ups fail they are used for up to five minutes.
    std::chrono::milliseconds address_lifetime{30'000};
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
