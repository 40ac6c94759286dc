#pragma once

#include "base/failure.hpp"
#include "base/outcome.hpp"
#include "base/parking.hpp"
#include "base/task.hpp"
#include "transport/net/address_cache.hpp"
#include "transport/net/name_source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bctrl::net {

/// The addresses of one host, shared by all dials to it. They are kept for a while; dials that want
/// them looked up share one look-up, which goes on when the dial that began it does not. An address
/// literal and "localhost" need none.
class address_book {
public:
    address_book(scheduler& runs_on, std::shared_ptr<name_source> names, std::string host,
                 unsigned short port, address_lifetimes lifetimes = {});
    address_book(address_book const&) = delete;
    address_book& operator=(address_book const&) = delete;
    ~address_book();

    /// When no dial will want addresses any more: the book may be destroyed on any thread then,
    /// while the answer comes.
    void forget_look_up() noexcept;

    /// The addresses to try, in that order. Stopped, it ends at once.
    /// @returns at least one address, or `errc::resolve_failed`, or what the stop asks for.
    task<outcome<address_list, failure>> addresses(stop_signal& stop);

    void reached(boost::asio::ip::tcp::endpoint const& address) { cache_.reached(address); }
    void was_of_no_use(boost::asio::ip::tcp::endpoint const& address) {
        cache_.was_of_no_use(address);
    }
    void none_reached() noexcept { cache_.none_reached(scheduler_.now()); }

private:
    /// Outlives the book by the answer that is owed to it.
    struct look_up {
        address_book* asker;
        steady_time begun;
    };

    void begin_look_up();
    void answered(error_code ec, std::vector<boost::asio::ip::address> const& found);
    task<> looked_up(stop_signal& stop);

    scheduler& scheduler_;
    std::shared_ptr<name_source> names_;
    std::string host_;
    unsigned short port_;
    bool needs_look_up_ = true;
    address_cache cache_;
    failure why_not_; ///< of the last look-up, if it failed
    std::shared_ptr<look_up> under_way_;
    std::vector<parking*> awaiting_;
};

} // namespace bctrl::net
