#pragma once

#include <bctrl/error.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace bctrl::test {

/// Requests that a server has read to their ends.
using request_count = std::shared_ptr<std::atomic<int>>;

/// Where a client is sent to meet its trouble.
struct place {
    std::string base_url;
    std::string ca_file{};
    std::shared_ptr<void> server{};
};

/// One fault in one phase of a call.
struct trouble {
    char const* name;
    std::function<place(request_count)> prepare;
    errc code;                       ///< what it is called
    bool passes;                     ///< it may be gone at the next attempt
    int seen = 0;                    ///< requests that reach the server in one attempt
    bool lasts = false;              ///< only the call's own deadline ends it
    std::vector<std::string> says{}; ///< what a person is told has happened
    std::string advises{};           ///< what a person is told to do
};

inline void PrintTo(trouble const& t, std::ostream* out) {
    *out << t.name;
}

/// Nobody there, nobody who answers, or nobody who can be trusted.
std::vector<trouble> dialling_troubles();

/// Everything that can happen once the connection stands.
std::vector<trouble> exchange_troubles();

} // namespace bctrl::test
