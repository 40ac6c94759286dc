#pragma once

#include <string>
#include <string_view>

namespace bctrl {

/// Whether `list` names the host or a domain or network that it is in: see
/// `client_config::no_proxy`.
/// @param host  a name in lower case or an address literal, without brackets
bool needs_no_proxy(std::string_view list, std::string const& host, unsigned short port);

} // namespace bctrl
