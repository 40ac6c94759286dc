#include "transport/net/address_order.hpp"

#include <algorithm>

namespace bctrl::net {

namespace {

using boost::asio::ip::tcp;

/// The next address behind `from` that is of this family or not.
std::size_t next_of(address_list const& found, std::size_t from, bool v6) {
    while (from < found.size() && found[from].address().is_v6() != v6)
        ++from;
    return from;
}

} // namespace

address_list in_order_of_attempts(address_list const& found) {
    address_list ordered;
    if (found.empty()) return ordered;
    auto turn = found.front().address().is_v6();
    std::size_t next[] = {next_of(found, 0, false), next_of(found, 0, true)};
    while (ordered.size() < most_addresses) {
        if (next[turn] == found.size()) turn = !turn;
        auto& at = next[turn];
        if (at == found.size()) break;
        auto const& each = found[at];
        if (std::find(ordered.begin(), ordered.end(), each) == ordered.end()) {
            ordered.push_back(each);
            at = next_of(found, at + 1, turn);
            turn = !turn;
        } else {
            at = next_of(found, at + 1, turn);
        }
    }
    return ordered;
}

std::string text_of(tcp::endpoint const& address) {
    auto const host = address.address().to_string();
    auto const port = std::to_string(address.port());
    return address.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

} // namespace bctrl::net
