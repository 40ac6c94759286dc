#pragma once

#include "transport/message.hpp"

#include <bctrl/error.hpp>

#include <string_view>

namespace bctrl::rpc {

/// What a person can do about a call that ended with `code`; empty if nothing but what the message
/// says.
std::string_view advice_on(error_code code) noexcept;

/// The same for a request that was not answered. One that the server may have carried out, and that
/// must not be carried out twice, is a matter of its own.
std::string_view advice_on(exchange_failure const& failed, bool replayable) noexcept;

} // namespace bctrl::rpc
