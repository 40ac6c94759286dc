#pragma once

#include "base/activity.hpp"
#include "base/task.hpp"
#include "transport/message.hpp"
#include "transport/net/stream.hpp"

#include <span>
#include <string>

namespace bctrl::http1 {

struct exchanged {
    exchange_outcome answer;
    bool reusable; ///< the connection can carry another exchange
};

/// The text of a request (RFC 9112, section 3).
/// @param origin_headers  header lines sent with every request, each with its line end
std::string request_text(wire_request const& request, std::string_view origin_headers);

/// One exchange on a connection that carries nothing else: writes the request, reads the whole
/// answer. Stopped half-way it leaves the connection unusable, for the answer would come later.
/// @param text    as made by `request_text`
/// @param to_head the request is HEAD
/// @param told    is kept up to date with how far the exchange is
/// @param scratch where bytes are read into; only used between two suspensions, so one serves all
task<exchanged> exchange(net::stream& on, std::string text, bool to_head, exchange_limits limits,
                         std::span<char> scratch, stop_signal& stop, activity& told);

} // namespace bctrl::http1
