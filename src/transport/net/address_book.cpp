#include "transport/net/address_book.hpp"

#include "base/wake_at.hpp"

#include <utility>

namespace bctrl::net {

namespace {

namespace ip = boost::asio::ip;

/// How long a resolver is waited for while there are addresses to fall back upon.
constexpr milliseconds patience_with_resolver{1'000};

/// The addresses of a host that needs no look-up.
std::vector<ip::address> known_addresses(std::string const& host) {
    error_code not_an_address;
    auto const literal = ip::make_address(host, not_an_address);
    if (!not_an_address) return {literal};
    // Always this machine, whatever a resolver says (RFC 6761, section 6.3): plain http is allowed
    // to it.
    if (host == "localhost") return {ip::address_v4::loopback(), ip::address_v6::loopback()};
    return {};
}

address_list with_port(std::vector<ip::address> const& found, unsigned short port) {
    address_list addresses;
    for (auto const& each : found)
        addresses.emplace_back(each, port);
    return addresses;
}

} // namespace

address_book::address_book(scheduler& runs_on, std::shared_ptr<name_source> names, std::string host,
                           unsigned short port, address_lifetimes lifetimes)
    : scheduler_{runs_on},
      names_{std::move(names)},
      host_{std::move(host)},
      port_{port},
      cache_{lifetimes} {
    auto const known = known_addresses(host_);
    if (known.empty()) return;
    cache_.found(with_port(known, port_), scheduler_.now());
    needs_look_up_ = false;
}

address_book::~address_book() {
    forget_look_up();
}

void address_book::forget_look_up() noexcept {
    if (under_way_) under_way_->asker = nullptr;
    under_way_.reset();
}

task<outcome<address_list, failure>> address_book::addresses(stop_signal& stop) {
    if (!needs_look_up_) co_return cache_.addresses();
    if (!stop.requested() && cache_.wants_look_up(scheduler_.now())) co_await looked_up(stop);
    if (stop.requested())
        co_return failure{stop_error(stop.reason()), "stopped while resolving \"" + host_ + "\""};
    if (cache_.usable(scheduler_.now())) co_return cache_.addresses();
    co_return why_not_;
}

void address_book::begin_look_up() {
    under_way_ = std::make_shared<look_up>(look_up{this, scheduler_.now()});
    try {
        names_->look_up(host_, [asked = under_way_](error_code ec, auto const& found) {
            if (asked->asker) asked->asker->answered(ec, found);
        });
    } catch (...) {
        // Without memory for it nobody would ever answer.
        under_way_.reset();
        throw;
    }
}

void address_book::answered(error_code ec, std::vector<ip::address> const& found) {
    under_way_.reset();
    if (ec || found.empty()) {
        why_not_ = failure{errc::resolve_failed,
                           "the host name \"" + host_ + "\" could not be resolved: " +
                               (ec ? ec.message() : "it has no address"),
                           ec};
        cache_.look_up_failed(scheduler_.now());
    } else {
        cache_.found(with_port(found, port_), scheduler_.now());
    }
    for (auto* const each : std::exchange(awaiting_, {}))
        each->wake();
}

task<> address_book::looked_up(stop_signal& stop) {
    if (!under_way_) begin_look_up();
    if (!under_way_) co_return;
    parking answered{scheduler_, stop};
    struct stands_in_list {
        stands_in_list(std::vector<parking*>& all, parking& one) : list{all}, place{one} {
            list.push_back(&place);
        }
        ~stands_in_list() { std::erase(list, &place); }
        std::vector<parking*>& list;
        parking& place;
    } const entry{awaiting_, answered};
    wake_at limit{answered};
    if (cache_.usable(scheduler_.now()))
        limit.set(scheduler_, later(under_way_->begun, patience_with_resolver));
    co_await answered;
}

} // namespace bctrl::net
