#pragma once

#include "transport/net/openssl_handle.hpp"

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::net {

using resumable_session = std::unique_ptr<SSL_SESSION, openssl_delete>;

/// Sessions that servers are ready to resume, a few for each host: a handshake that resumes one
/// costs neither side a signature, and a connection then takes less memory. Their secrets are wiped
/// with them.
class session_cache {
public:
    /// A session to resume, and its number for `refused`; none if the number is 0.
    struct offer {
        resumable_session session;
        std::uint64_t number = 0;
    };

    /// Keeps `session` for connections to `host`; in place of the oldest if there are enough.
    void store(std::string_view host, resumable_session session);

    /// The newest session of `host`. Each is given once, so that nobody on the way can tell which
    /// connections are of one client (RFC 8446, appendix C.4), but for the last one: many may
    /// connect before another one comes.
    offer take(std::string_view host, std::time_t now);

    /// The server did not resume the session with this number: it will not know older ones either.
    void refused(std::string_view host, std::uint64_t number) noexcept;

    std::size_t size() const noexcept { return kept_.size(); }

    static constexpr std::size_t most_of_a_host = 4;
    static constexpr std::size_t most = 32;

private:
    struct entry {
        std::string host;
        std::uint64_t number;
        resumable_session session;
    };

    std::size_t count_of(std::string_view host) const noexcept;
    void drop_oldest_of(std::string_view host) noexcept;

    std::vector<entry> kept_; ///< the oldest first
    std::uint64_t stored_ = 0;
};

} // namespace bctrl::net
