#pragma once

#include "transport/http2/request_head.hpp"
#include "transport/message.hpp"

#include <string>
#include <vector>

namespace bctrl::pool {

/// What all connections to one origin say alike, and share.
class connection_terms {
public:
    /// @param header_lines of every request, each with its line end; they hold the key
    connection_terms(std::string header_lines, bool secure, exchange_limits const& bounds);
    connection_terms(connection_terms const&) = delete;
    connection_terms& operator=(connection_terms const&) = delete;
    ~connection_terms();

    std::string headers;
    exchange_limits limits;
    std::vector<char> scratch; ///< where bytes are read into, between two suspensions
    http2::request_head head;  ///< refers to `headers`
};

} // namespace bctrl::pool
