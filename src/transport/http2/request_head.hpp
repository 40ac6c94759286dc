#pragma once

#include "transport/http2/engine.hpp"

#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bctrl::http2 {

/// The heads of the requests to one origin (RFC 9113, section 8.3).
class request_head {
public:
    /// @param origin_headers header lines as of HTTP/1.1, sent with every request; referred to, not
    ///        copied, for they hold the key
    request_head(std::string_view origin_headers, bool secure);

    /// @returns what refers to `request` and to this, until the next call
    std::span<field const> fields_for(wire_request const& request);

private:
    void add_line(std::string_view line);
    std::string_view in_small_letters(std::string_view name);

    std::string_view scheme_;
    std::string_view authority_;
    std::vector<std::string> names_; ///< of the fields that every request has
    std::vector<field> constant_;
    std::list<std::string> texts_; ///< of one request: made for it alone
    std::vector<field> fields_;
};

} // namespace bctrl::http2
