#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bctrl {

/// Where the API is, taken apart.
struct base_url {
    bool secure = true;      ///< https
    std::string host;        ///< a name or an address literal, without brackets
    unsigned short port = 0; ///< the scheme's own if none was given
    std::string prefix; ///< in front of `/v1/…`; empty, or begins with `/` and does not end with it

    /// Host and port as they stand in a URL and in the `Host` header: without the scheme's own
    /// port.
    std::string authority() const;
    /// Scheme and authority.
    std::string origin() const;
    /// Whether it can only be this machine: `localhost` or a loopback address.
    bool is_loopback() const;
};

/// Takes a base URL apart; spaces around it, slashes at its end and one trailing `/v1` are dropped.
/// @returns nothing if it is not http or https with a host, or if it has a query, a fragment or a
/// user
std::optional<base_url> parse_base_url(std::string_view text);

} // namespace bctrl
