#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl {

struct header_field {
    std::string name;
    std::string value;
};

/// One request, whatever the version of HTTP that carries it.
struct wire_request {
    std::string_view method;           ///< a token; refers to text that outlives the exchange
    std::string target;                ///< path and query, percent-encoded
    std::string body;                  ///< JSON, or empty: then no content headers are sent
    std::vector<header_field> headers; ///< besides those that the origin sends with every request
    bool replayable = false;           ///< sending it twice does no more than sending it once
};

/// One complete answer.
struct wire_response {
    int status = 0;
    std::vector<header_field> headers;
    std::string body;

    /// The value of the first header of that name, in any case; empty if there is none.
    std::string_view header(std::string_view name) const noexcept;

    /// What names the request in the server's log; empty if the server does not tell.
    std::string_view request_id() const noexcept;
};

/// How far an exchange got. Decides whether the request may be sent again.
enum class exchange_progress : unsigned char {
    unsent,   ///< the server cannot have seen the request
    sent,     ///< at least a part was sent; the server may have acted on it
    answered, ///< a part of the answer came
};

struct exchange_failure {
    failure why;
    exchange_progress progress = exchange_progress::unsent;
};

using exchange_outcome = outcome<wire_response, exchange_failure>;

/// A server sends one or two interim answers (1xx) at the most; hundreds are an attack.
inline constexpr int most_interim_answers = 16;

/// Bounds on what an answer may take.
struct exchange_limits {
    std::size_t header_bytes = std::size_t{64} * 1024;
    std::size_t body_bytes =
        std::size_t{32} * 1024 * 1024; ///< as it comes, and again when it is decoded
    std::size_t header_fields = 256;
};

} // namespace bctrl
