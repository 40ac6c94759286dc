#include "transport/net/address_cache.hpp"

#include <algorithm>

namespace bctrl::net {

namespace {

/// A resolver that has just failed is not asked again by every dial.
constexpr milliseconds pause_after_failure{1'000};

} // namespace

void address_cache::found(address_list const& these, steady_time now) {
    addresses_ = in_order_of_attempts(these);
    look_up_at_ = later(now, lifetimes_.fresh);
    usable_until_ = later(now, std::max(lifetimes_.fresh, lifetimes_.stale));
    reached(favourite_);
}

void address_cache::look_up_failed(steady_time now) noexcept {
    look_up_at_ = later(now, pause_after_failure);
}

void address_cache::reached(boost::asio::ip::tcp::endpoint const& address) {
    favourite_ = address;
    auto const at = std::find(addresses_.begin(), addresses_.end(), address);
    if (at != addresses_.end()) std::rotate(addresses_.begin(), at, at + 1);
}

void address_cache::was_of_no_use(boost::asio::ip::tcp::endpoint const& address) {
    if (address == favourite_) favourite_ = {};
    auto const at = std::find(addresses_.begin(), addresses_.end(), address);
    if (at != addresses_.end()) std::rotate(at, at + 1, addresses_.end());
}

} // namespace bctrl::net
