#pragma once

#include "api/base_url.hpp"
#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "transport/tunnel/http_tunnel.hpp"

#include <bctrl/client_config.hpp>

namespace bctrl {

/// Whether connections to `to` go through the proxy of `config`.
bool uses_proxy(client_config const& config, base_url const& to);

/// Takes the URL of a proxy apart. A URL without a scheme is an http one.
/// @returns `invalid_configuration` if it cannot be used; the text never shows a part of it
outcome<tunnel::proxy_settings, failure> parse_proxy_url(proxy_url const& url);

} // namespace bctrl
