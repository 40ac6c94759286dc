#include "transport/pool/replay.hpp"

namespace bctrl::pool {

namespace {

/// The news of an end that the request crossed comes within a round trip. A poll that is cut later
/// was held by somebody, and that is to be learned from.
constexpr milliseconds longest_crossing{1'000};

} // namespace

bool may_go_out_again(lost_exchange const& what, bool replayable) noexcept {
    if (what.failed.why.code != errc::connection_lost) return false;
    if (what.refused) return what.failed.progress == exchange_progress::unsent;
    if (!what.on_kept) return false;
    switch (what.failed.progress) {
        case exchange_progress::unsent:
            return true;
        case exchange_progress::sent:
            return replayable && what.took <= longest_crossing;
        case exchange_progress::answered:
            break;
    }
    return false;
}

} // namespace bctrl::pool
