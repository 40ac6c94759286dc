#pragma once

#include "transport/message.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace bctrl::http1 {

/// What came of an answer, in a form that can be compared and printed.
struct reading {
    bool complete = false;
    bool reusable = false;
    int status = 0;
    std::string body;
    std::size_t headers = 0;
    error_code error;

    friend bool operator==(reading const&, reading const&) = default;
};

inline std::ostream& operator<<(std::ostream& out, reading const& r) {
    return out << "{complete " << r.complete << ", reusable " << r.reusable << ", status "
               << r.status << ", body \"" << r.body.substr(0, 80) << "\", headers " << r.headers
               << ", error " << r.error << "}";
}

/// The limits that the examples are read with.
inline constexpr exchange_limits small{512, 64};

enum class peer : unsigned char { stays, closes, is_cut_off };

/// The bytes of an answer, and what is to come of them.
struct example {
    char const* name;
    std::string text;
    reading expected;
    peer end = peer::stays;
    bool to_head = false;
};

inline reading complete(int status, std::string body, std::size_t headers) {
    return {true, true, status, std::move(body), headers, {}};
}
inline reading last(int status, std::string body, std::size_t headers) {
    return {true, false, status, std::move(body), headers, {}};
}
inline reading wrong(errc what) {
    return {false, false, 0, {}, 0, what};
}
inline reading unfinished() {
    return {};
}

/// Answers that break the rules, or are at the edge of what the rules allow (RFC 9112).
std::vector<example> const& hostile_examples();

} // namespace bctrl::http1
