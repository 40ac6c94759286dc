#pragma once

#include "load/tested_client.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <vector>

namespace bctrl::bench {

/// Many waits at once, each with a deadline and a cancellation of its own, as programs have them.
class parked_waits {
public:
    parked_waits(tested_client& on, std::size_t count) : on_{on}, signals_(count) {}

    std::size_t count() const noexcept { return signals_.size(); }

    /// Begins them all; returns when the server holds them.
    void park();
    /// Cancels them all; returns when all have ended.
    void cancel();
    /// Lets them end; returns when all have.
    void release();

    tally& seen() noexcept { return seen_; }

private:
    tested_client& on_;
    std::vector<boost::asio::cancellation_signal> signals_;
    tally seen_;
    bool cancelled_ = false;
};

} // namespace bctrl::bench
