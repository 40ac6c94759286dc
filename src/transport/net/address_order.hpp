#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace bctrl::net {

using address_list = std::vector<boost::asio::ip::tcp::endpoint>;

/// No more addresses of one host are tried, so that a dial opens no more sockets than that.
inline constexpr std::size_t most_addresses = 16;

/// The order in which addresses are tried (RFC 8305, section 4): the families take turns, beginning
/// with the one that the resolver put first; within a family the resolver's order stays. Each
/// address once, `most_addresses` in all.
address_list in_order_of_attempts(address_list const& found);

/// As in a URL: "127.0.0.1:443", "[::1]:443".
std::string text_of(boost::asio::ip::tcp::endpoint const& address);

} // namespace bctrl::net
