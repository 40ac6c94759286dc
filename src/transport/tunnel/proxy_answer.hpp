#pragma once

#include "base/failure.hpp"

#include <optional>
#include <string>

namespace bctrl::tunnel {

/// Who asked whom to be let through where.
struct request_to_proxy {
    std::string proxy;            ///< host and port of the proxy, as in a URL
    std::string target;           ///< host and port to be connected with
    bool with_credentials = true; ///< a user and a password were shown
};

/// Why the proxy does not let us through, for people, by the status of its answer; nothing if it
/// does. The failure's cause is the status, in the category `proxy_status_category()`.
std::optional<failure> refusal(int status, request_to_proxy const& asked);

} // namespace bctrl::tunnel
