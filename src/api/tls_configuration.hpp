#pragma once

#include "api/base_url.hpp"
#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "transport/pool/origin.hpp"

#include <bctrl/client_config.hpp>

#include <memory>

namespace bctrl {

/// What `config` says about TLS, ready for connections to `where`.
/// @returns `errc::invalid_configuration` if a file cannot be used, or a setting is refused
outcome<std::shared_ptr<net::tls_context>, failure> tls_of(client_config const& config,
                                                           base_url const& where);

} // namespace bctrl
