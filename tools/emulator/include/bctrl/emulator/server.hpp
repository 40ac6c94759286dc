#pragma once

#include <bctrl/emulator/certificate.hpp>
#include <bctrl/emulator/fault.hpp>
#include <bctrl/emulator/life.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::emulator {

/// How the emulator answers a cancel request for something that has ended already.
enum class cancel_terminal {
    finished_object, ///< 200 with the ended resource, unchanged
    conflict,        ///< 409 "operation.already_finished", `details.status` tells how it ended
};

/// The versions of HTTP that are spoken. Over TLS the client's ALPN decides between both, HTTP/2
/// first; without TLS a client that begins with the preface of HTTP/2 speaks that.
enum class http_versions { both, only_1_1, only_2 };

/// How often a client may reset streams before its connection is ended, as a bucket of tokens.
struct reset_rate {
    std::uint64_t burst = 1000;
    std::uint64_t per_second = 33;
};

/// Settings of a `server`.
struct server_options {
    std::string host = "127.0.0.1"; ///< the address to bind; "localhost" is 127.0.0.1
    std::uint16_t port = 0;         ///< 0: any free port
    std::vector<std::string> api_keys{"bctrl_emulator_key"};
    std::optional<certificate> tls{}; ///< set: HTTPS only

    http_versions http = http_versions::both;
    std::uint32_t max_streams = 250; ///< MAX_CONCURRENT_STREAMS of an HTTP/2 connection
    /// More resets than this end an HTTP/2 connection by GOAWAY, as servers do since the
    /// rapid-reset attacks of 2023; not set: they do not.
    std::optional<reset_rate> reset_limit{reset_rate{}};

    std::chrono::milliseconds default_wait{30'000}; ///< of a wait that names no `timeoutMs`
    std::chrono::milliseconds longest_wait{60'000}; ///< longer ones are cut to this
    std::chrono::milliseconds idle_timeout{75'000}; ///< of a connection without a request
    cancel_terminal on_cancel_terminal = cancel_terminal::finished_object;

    /// Every operation exists as soon as it is asked for, and its id says when it ends; `/admin/…`
    /// is there. For benchmarks, see doc/emulator.md; not together with a state file.
    bool bench = false;

    /// Where to keep what is created, so that a server started with the same file goes on with it,
    /// however this one ended; empty: nowhere. Made if it does not exist. Times go on by the wall
    /// clock.
    std::filesystem::path state_file{};

    /// Given a line per request, without secrets and line end, on the server's thread. May be
    /// empty.
    std::function<void(std::string_view)> log{};

    /// Told what the owner of the state file should know, by the constructor of the server. May be
    /// empty.
    std::function<void(std::string_view)> notice{};
};

/// Figures of a `server`.
struct server_stats {
    std::size_t operations = 0;
    std::size_t invocations = 0;
    std::size_t runs = 0;
    std::size_t parked = 0; ///< waits that are not answered yet
    std::size_t connections_open = 0;
    std::uint64_t connections_total = 0;
    std::uint64_t requests = 0;
    std::uint64_t waits_abandoned = 0; ///< waits whose client left before the answer

    std::uint64_t http2_connections = 0; ///< all that ever were
    std::size_t http2_streams_open = 0;
    std::uint64_t http2_streams = 0;
    std::uint64_t http2_resets_received = 0; ///< RST_STREAM frames of clients
    std::uint64_t http2_go_aways_sent = 0;
};

/// The emulator of the service, in this process: HTTP/1.1 and HTTP/2 over TCP or TLS on a thread of
/// its own.
///
/// @par Thread safety  All members are safe from any thread but the server's own, that is, from
/// anywhere but `server_options::log`.
class server {
public:
    /// Listens when it returns.
    /// @throws boost::system::system_error if the address cannot be bound
    /// @throws std::runtime_error if the certificate, the key or the state file cannot be used
    /// @throws std::invalid_argument if the host is no address
    explicit server(server_options options = server_options{});
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    /// Stops.
    ~server();

    /// Closes the port and every connection, unanswered ones too, and joins the thread. What was
    /// created can still be asked for here. A second call does nothing.
    void stop();

    std::uint16_t port() const;
    std::string base_url() const; ///< as in "https://127.0.0.1:40123"

    /// Creates operations or invocations that begin their life now; an id of "" is replaced by a
    /// new UUID, an empty run id by that of a new run.
    /// @returns the ids
    /// @throws std::invalid_argument if the life is impossible (`fault_in`) or the id is taken
    /// @throws std::system_error if the state file cannot be written; what was created stays, and is
    /// written with the next change
    std::string create_operation(life const& script = life{}, std::string id = "");
    std::vector<std::string> create_operations(std::size_t count, life const& script);
    std::string create_invocation(life const& script = life{}, std::string id = "",
                                  std::string run_id = "");
    std::vector<std::string> create_invocations(std::size_t count, life const& script,
                                                std::string run_id = "");

    /// When the server acted on the end of an operation or invocation, just before it answered
    /// those who wait for it; nothing while it lives or if it is unknown.
    std::optional<std::chrono::steady_clock::time_point> ended_at(std::string_view id) const;

    server_stats stats() const;

    /// The connections that are open, in the order of their coming.
    std::vector<connection_info> connections() const;

    /// Does mischief to one connection, or to all that are open; of `limit_streams` without a
    /// connection those hear too that are still to come.
    /// @param connection the `connection_info::number` of it; not set: all
    /// @returns how many waits were reset, or how many connections it was done to
    std::size_t inject(connection_fault const& fault,
                       std::optional<std::uint64_t> connection = std::nullopt);

    /// Forgets everything that was created, in the state file too. Waits parked on it are answered
    /// 404.
    /// @throws std::system_error if the state file cannot be written
    void reset();

private:
    class implementation;
    std::unique_ptr<implementation> self_;
};

} // namespace bctrl::emulator
