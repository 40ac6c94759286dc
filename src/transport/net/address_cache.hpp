#pragma once

#include "base/clock.hpp"
#include "transport/net/address_order.hpp"

namespace bctrl::net {

/// How long what a resolver said is used.
struct address_lifetimes {
    milliseconds fresh{30'000};  ///< without asking again
    milliseconds stale{300'000}; ///< in all, while the resolver fails
};

/// The addresses of one host and their order: when to look them up again, which to try first. Knows
/// no resolver and no clock.
class address_cache {
public:
    explicit address_cache(address_lifetimes lifetimes) noexcept : lifetimes_{lifetimes} {}

    /// Whether they shall be looked up before the next dial.
    bool wants_look_up(steady_time now) const noexcept {
        return !usable(now) || now >= look_up_at_;
    }
    /// Whether there are addresses that may be used if a look-up fails.
    bool usable(steady_time now) const noexcept {
        return !addresses_.empty() && now < usable_until_;
    }

    /// In the order in which they shall be tried.
    address_list const& addresses() const noexcept { return addresses_; }

    /// A look-up has found these, in the resolver's order.
    void found(address_list const& these, steady_time now);
    void look_up_failed(steady_time now) noexcept;

    /// A connection to it was made and of use: the next dial tries it first.
    void reached(boost::asio::ip::tcp::endpoint const& address);
    /// It accepted a connection that was of no use: the next dial tries it last.
    void was_of_no_use(boost::asio::ip::tcp::endpoint const& address);
    /// None accepted a connection: the host may have moved.
    void none_reached(steady_time now) noexcept { look_up_at_ = now; }

private:
    address_lifetimes lifetimes_;
    address_list addresses_;
    boost::asio::ip::tcp::endpoint favourite_; ///< without a port: none
    steady_time look_up_at_{};
    steady_time usable_until_{};
};

} // namespace bctrl::net
