#pragma once

#include "api/base_url.hpp"
#include "transport/pool/origin.hpp"
#include "wait/wait_plan.hpp"

#include <bctrl/client_config.hpp>

#include <memory>
#include <string>

namespace bctrl {

class key_search;

/// What a client makes of its configuration, once.
struct configuration {
    base_url where;
    pool::origin_settings origin;
    wait_terms terms;
    retry_budget retries_in_all;
    std::chrono::milliseconds call_timeout;
    std::size_t json_depth;
    bool accepts_any_certificate = false;
    api_key key;
    std::shared_ptr<key_search const> traces{}; ///< of the key, to keep it out of errors
};

/// Checks `config` and makes it ready for use.
/// @par Errors  Throws request_error: see `client::client`.
configuration configure(client_config const& config);

} // namespace bctrl
