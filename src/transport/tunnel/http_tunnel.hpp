#pragma once

#include "transport/net/passage.hpp"
#include "transport/tunnel/proxy_answer.hpp"

#include <bctrl/api_key.hpp>

#include <string>

namespace bctrl::tunnel {

/// A proxy and what it is to be shown.
struct proxy_settings {
    std::string host; ///< a name or an address literal, without brackets
    unsigned short port = 0;
    /// The value of `Proxy-Authorization`, empty for none. Holds a password: kept as keys are.
    api_key authorization;
};

/// The way through an HTTP proxy: asked with CONNECT, it passes all further bytes on (RFC 9110,
/// section 9.3.6).
class http_tunnel final : public net::passage {
public:
    /// @param host, port  where the tunnel shall end
    http_tunnel(proxy_settings proxy, std::string const& host, unsigned short port);

    task<outcome<void, failure>> open(net::stream& on, stop_signal& stop) const override;

private:
    std::string request_text() const;
    failure failed(errc what, std::string const& text, error_code cause = {}) const;

    request_to_proxy asked_;
    api_key authorization_;
};

} // namespace bctrl::tunnel
