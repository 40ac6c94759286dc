#pragma once

#include "support/child_process.hpp"
#include "support/temporary_path.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bctrl::test {

/// What a test asks of a proxy, whichever program it is.
struct proxy_settings {
    std::uint16_t backend = 0; ///< `/v1/` is forwarded to this port of 127.0.0.1, in plain HTTP
    std::chrono::seconds read_timeout{60};    ///< how long the backend may be silent
    unsigned requests_per_connection = 1'000; ///< of a client
    std::chrono::seconds keep_alive{60}; ///< how long a client's connection is kept without use
    bool keeps_backend_connections = true;
    bool buffers_answers = true; ///< false: what comes from the backend is passed on at once
    bool gzip = false;           ///< compresses answers for clients that accept it
    /// A reload ends what is open still after a second; else it lets everything come to its end.
    bool hurried_reload = false;
    bool http2 = false;     ///< offers HTTP/2 by ALPN; else HTTP/1.1 alone
    unsigned streams = 128; ///< at a time, of an HTTP/2 connection
};

/// Where a proxy listens and keeps its files.
struct proxy_place {
    std::string folder;
    std::uint16_t port;

    std::string file(std::string const& name) const { return folder + "/" + name; }
};

/// What a proxy logged of a request.
struct logged_request {
    int status = 0;
    std::string protocol; ///< as in "HTTP/2.0"
};

/// A program that can be a proxy, and its own words for it. All of them refuse what is not under
/// `/v1/` (404), bodies of more than 16 KB (413), and `/v1/maintenance` (503), with pages of their
/// own.
struct proxy_program {
    char const* name;
    std::vector<std::string> (*command)(std::string const& configuration_file);
    /// It logs each request to `access.log` or to its output: the status and the request's first
    /// line.
    std::string (*configuration)(proxy_settings const& wanted, proxy_place const& at);
    int (*reload_signal)(proxy_settings const& wanted);
};

extern proxy_program const nginx_proxy;
extern proxy_program const haproxy_proxy;
extern proxy_program const apache_proxy;

/// A proxy over TLS on a loopback port, with a certificate of its own.
class proxy {
public:
    /// Returns when it listens; the test fails if it does not come to that.
    proxy(proxy_program const& program, proxy_settings const& wanted);

    std::string base_url() const { return "https://127.0.0.1:" + std::to_string(at_.port); }
    std::string ca_file() const { return at_.file("ca.pem"); }

    /// Makes it read its configuration again. Returns when new workers have been started.
    void reload();

    /// Kills it and all its workers at once, and starts it again on the same port.
    void kill_and_restart();

    /// Ends it in order.
    /// @returns what it has answered since it was started last
    std::vector<logged_request> stop();

private:
    void write_files() const;
    void start();
    bool listens() const;
    bool catches(int signal) const;
    std::set<std::string> workers() const;
    std::string complaints() const;

    proxy_program const& program_;
    proxy_settings wanted_;
    temporary_path folder_{""};
    proxy_place at_;
    std::optional<child_process> process_;
};

} // namespace bctrl::test
