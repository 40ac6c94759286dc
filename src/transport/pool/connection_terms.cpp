#include "transport/pool/connection_terms.hpp"

#include "base/wipe.hpp"

#include <utility>

namespace bctrl::pool {

namespace {

/// The largest TLS record, so that one read empties it.
constexpr std::size_t scratch_bytes = 16 * 1024;

} // namespace

connection_terms::connection_terms(std::string header_lines, bool secure,
                                   exchange_limits const& bounds)
    : headers{std::move(header_lines)},
      limits{bounds},
      scratch(scratch_bytes),
      head{headers, secure} {}

connection_terms::~connection_terms() {
    wipe(headers);
}

} // namespace bctrl::pool
