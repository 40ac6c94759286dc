#pragma once

#include <bctrl/json_text.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bctrl {

/// A request to any endpoint of the API, for `client::send`. Setters return the request, so that
/// they can be chained: `request{"POST", "/v1/runs"}.body(document)`.
/// @par Thread safety  As for std::string.
class request {
public:
    /// @param method an HTTP method, as in "GET"
    /// @param path   from `/v1/` on, percent-encoded, without a query
    request(std::string method, std::string path)
        : method_{std::move(method)}, path_{std::move(path)} {}

    /// Adds `key=value` to the query; both are encoded as needed.
    request& query(std::string_view key, std::string_view value);
    /// Adds a header line. Those that the client sets itself (Host, Authorization, framing, content
    /// type) are refused when the request is sent.
    request& header(std::string name, std::string value) {
        headers_.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    /// The JSON to send; without it the request has no body.
    request& body(json_text document) {
        body_ = std::move(document);
        return *this;
    }
    /// Names the request, so that the server carries it out once however often it arrives, and so
    /// that it may be sent again after a fault. The API documents it for billable POSTs.
    request& idempotency_key(std::string value) {
        idempotency_key_ = std::move(value);
        return *this;
    }

    std::string const& method() const noexcept { return method_; }
    std::string const& path() const noexcept { return path_; }
    std::string const& query() const noexcept { return query_; }
    std::vector<std::pair<std::string, std::string>> const& headers() const noexcept {
        return headers_;
    }
    json_text const& body() const noexcept { return body_; }
    std::string const& idempotency_key() const noexcept { return idempotency_key_; }

private:
    std::string method_;
    std::string path_;
    std::string query_;
    std::vector<std::pair<std::string, std::string>> headers_;
    json_text body_;
    std::string idempotency_key_;
};

/// The answer to a `request`: always of a 2xx status, for every other one is an error.
struct response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;       ///< decoded; headers of an encoding that was undone are left out
    std::string request_id; ///< names the request in the server's log; may be empty
};

} // namespace bctrl
